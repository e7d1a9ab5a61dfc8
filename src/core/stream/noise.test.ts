import { describe, expect, it } from 'vitest'
import { unhex, hex, utf8 } from '../base/bytes.ts'
import {
  answerHandshake,
  openHandshake,
  openWith,
  publicKeyOf,
  sealWith,
  type Handshake,
} from './noise.ts'

function bytes(text: string): Uint8Array {
  const read = unhex(text)
  if (!read.ok) throw new Error('a vector is hex')
  return read.value
}

/**
 * Noise_NKpsk0_25519_ChaChaPoly_SHA256 of the test vectors of cacophony, which the implementations
 * of Noise check each other by.
 */
const vector = {
  prologue: bytes('4a6f686e2047616c74'),
  psk: bytes('54686973206973206d7920417573747269616e20706572737065637469766521'),
  opening: bytes('893e28b9dc6ca8d611ab664754b8ceb7bac5117349a4439a6b0569da977c464a'),
  responderKey: bytes('31e0303fd6418d2f8c0e78b91f22e8caed0fbe48656dcf4767e4834f701b8f62'),
  responder: bytes('4a3acbfdb163dec651dfa3194dece676d437029c62a408b4c5ea9114246e4893'),
  answering: bytes('bbdb4cdbd309f1a1f2e1456967fe288cadd6f712d65dc7b7793d5e63da6b375b'),
  transcript: '1609ef057bdd62c752b5960546a255a78aebff08c5f07ef2adaa1db8350e7077',
  said: [
    [
      '4c756477696720766f6e204d69736573',
      'ca35def5ae56cec33dc2036731ab14896bc4c75dbb07a61f879f8e3afa4c7944' +
        '190fec41487219f2069c3ba7b7f9521437045935231f0ed399dfd4baf6bd825b',
    ],
    [
      '4d757272617920526f746862617264',
      '95ebc60d2b1fa672c1f46a8aa265ef51bfe38e7ccb39ec5be34069f1448088438' +
        '5010e0c56e886e6da0c69aee7388bcf4000cc357af5ebd11a46a169a3712c',
    ],
    ['462e20412e20486179656b', '4beed26535f1a387c950fab9a162dc613cc5bf84e8a62653130b83'],
    ['4361726c204d656e676572', 'ceaffe71ce7f1bf7b080736d62e0579ce5dc1530a36e7df795a4cc'],
    [
      '4a65616e2d426170746973746520536179',
      'da927a272831394122d0f2fef3e16ddf0814c4878401135b44b1e23873b45b2929',
    ],
    [
      '457567656e2042f6686d20766f6e2042617765726b',
      '4fed2b394fb4dbdc9cf863bc99ebb3397651d27bdd32e40d8f7fed109e46445c0fd66fc3f3',
    ],
  ],
} as const

const { psk, prologue, responderKey, responder, opening, answering } = vector
const initiator = { psk, responderKey, ephemeralSecret: opening }
const answerer = { psk, staticSecret: responder, ephemeralSecret: answering }

describe('SENS-6 the handshake is Noise_NKpsk0_25519_ChaChaPoly_SHA256', () => {
  it('gives the bytes of the published vector, there and back', () => {
    const [first, second, ...rest] = vector.said
    expect(hex(publicKeyOf(responder))).toBe(hex(responderKey))
    const opened = openHandshake(initiator, prologue, bytes(first[0]))
    if (!opened.ok) throw new Error('it opens')
    expect(hex(opened.value.message)).toBe(first[1])
    const answered = answerHandshake(answerer, prologue, bytes(first[1]), bytes(second[0]))
    if (!answered.ok) throw new Error('it is answered')
    expect(hex(answered.value.handshake.payload)).toBe(first[0])
    expect(hex(answered.value.answer)).toBe(second[1])
    const finished = opened.value.finish(bytes(second[1]))
    if (!finished.ok) throw new Error('it is finished')
    const [phone, page] = [finished.value, answered.value.handshake]
    expect(hex(phone.payload)).toBe(second[0])
    expect([hex(phone.transcript), hex(page.transcript)]).toEqual(
      Array.from({ length: 2 }, () => vector.transcript),
    )
    rest.forEach(([plain, sealed], index) => {
      const [from, to] = index % 2 === 0 ? [phone, page] : [page, phone]
      const number = Math.floor(index / 2)
      expect(hex(sealWith(from.sendKey, number, bytes(plain)))).toBe(sealed)
      expect(hex(openWith(to.receiveKey, number, bytes(sealed))!)).toBe(plain)
    })
    expect(hex(phone.exportKey)).toBe(hex(page.exportKey))
    expect(hex(phone.exportKey)).not.toBe(hex(phone.sendKey))
  })
})

function secretOf(seed: number): Uint8Array {
  return new Uint8Array(32).fill(seed)
}

function opened(psk_: Uint8Array, key: Uint8Array, prologue_ = prologue) {
  const started = openHandshake(
    { psk: psk_, responderKey: key, ephemeralSecret: secretOf(9) },
    prologue_,
  )
  if (!started.ok) throw new Error('it opens')
  return started.value
}

describe('SENS-6 who may take part', () => {
  const page = { psk, staticSecret: secretOf(3), ephemeralSecret: secretOf(4) }
  const pageKey = publicKeyOf(page.staticSecret)
  const refused = { ok: false, error: { code: 'STREAM_HANDSHAKE' } }

  it('a stranger without the secret of the link is refused', () => {
    const { message } = opened(secretOf(1), pageKey)
    expect(answerHandshake(page, prologue, message)).toEqual(refused)
  })

  it('a page that has the link and not its private key cannot answer', () => {
    const phone = opened(psk, pageKey)
    const impostor = { ...page, staticSecret: secretOf(7) }
    expect(answerHandshake(impostor, prologue, phone.message)).toEqual(refused)
    // It makes an answer of its own: without the shared secret no answer opens.
    const own = opened(psk, publicKeyOf(impostor.staticSecret))
    const made = answerHandshake(impostor, prologue, own.message)
    if (!made.ok) throw new Error('it answers what is meant for it')
    expect(phone.finish(made.value.answer)).toEqual(refused)
  })

  it('another protocol, a changed byte, a short message and a weak key are refused', () => {
    const { message, finish } = opened(psk, pageKey)
    expect(answerHandshake(page, utf8('other'), message)).toEqual(refused)
    for (let index = 0; index < message.length; index += 1) {
      const changed = message.map((byte, at) => (at === index ? byte ^ 1 : byte))
      expect(answerHandshake(page, prologue, changed)).toEqual(refused)
    }
    for (const length of [0, 31, 32, 47]) {
      expect(answerHandshake(page, prologue, message.subarray(0, length))).toEqual(refused)
      expect(finish(message.subarray(0, length))).toEqual(refused)
    }
    const weak = new Uint8Array(48)
    expect(answerHandshake(page, prologue, weak)).toEqual(refused)
    expect(openHandshake({ ...initiator, responderKey: new Uint8Array(32) }, prologue)).toEqual(
      refused,
    )
  })

  it('two handshakes by one link have nothing in common', () => {
    const { message, finish } = opened(psk, pageKey)
    const all = [5, 6].map((seed): Handshake => {
      const made = answerHandshake({ ...page, ephemeralSecret: secretOf(seed) }, prologue, message)
      if (!made.ok) throw new Error('it is answered')
      return made.value.handshake
    })
    expect(new Set(all.map(({ transcript }) => hex(transcript))).size).toBe(2)
    expect(new Set(all.map(({ sendKey }) => hex(sendKey))).size).toBe(2)
    expect(finish(new Uint8Array(80)).ok).toBe(false)
  })
})
