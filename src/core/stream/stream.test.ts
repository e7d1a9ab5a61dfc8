import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hex } from '../base/bytes.ts'
import { StreamEnd, StreamMessage, StreamState } from '../codec/sensor.ts'
import { readStreamBlock, writeStreamBlock } from './block.ts'
import { ClockOffset } from './clockOffset.ts'
import { streamLimits } from './limits.ts'
import { checkNumber, linkPeerSeed, linkPsk, linkText, parseLink, returnPsk } from './link.ts'
import { SealedBlocks, sealedBlockBytes } from './sealedBlocks.ts'
import { beatsUntil, frameWith, startUs } from './stream.fixture.ts'

describe('SENS-6 ENC-1 a message is one block of 256 bytes', () => {
  it('the longest frame fits, and each message comes back', () => {
    const longest = frameWith({
      sequence: 2 ** 32 - 1,
      probe: 2 ** 32 - 1,
      probeUs: Number.MAX_SAFE_INTEGER,
      sentUs: Number.MAX_SAFE_INTEGER,
      device: 'é'.repeat(24),
      quality: 10_000,
      framesCentiHz: streamLimits.framesCentiHzMax,
      rateCentiBpm: streamLimits.rateCentiBpmMax,
      series: 2 ** 32 - 1,
      beats: beatsUntil(Number.MAX_SAFE_INTEGER, streamLimits.beatsPerFrameMax).map((beat) => ({
        ...beat,
        rrTicks: 2048,
        uncertaintyUs: 1_000_000,
        isDoubtful: true,
      })),
    })
    const messages: StreamMessage[] = [
      { frame: longest },
      { frame: frameWith() },
      { probe: { sequence: 1, isAccepted: true } },
      { farewell: { reason: StreamEnd.END_CLOSED } },
      { farewell: { reason: StreamEnd.END_LINK_USED } },
    ]
    for (const message of messages) {
      const block = writeStreamBlock(message)
      expect(block.length).toBe(256)
      expect(readStreamBlock(block)).toEqual({ ok: true, value: message })
    }
  })

  it.each([
    ['sequence', frameWith({ sequence: 0 })],
    ['sentUs', frameWith({ sentUs: 0 })],
    ['probe', frameWith({ probe: 1 })],
    ['device', frameWith({ device: 'x'.repeat(49) })],
    ['quality', frameWith({ quality: 10_001 })],
    ['framesCentiHz', frameWith({ framesCentiHz: 24_001 })],
    ['rateCentiBpm', frameWith({ rateCentiBpm: 30_001 })],
    ['series', frameWith({ series: 1 })],
    ['series', frameWith({ beats: beatsUntil(startUs, 1) })],
    ['state', frameWith({ state: StreamState.IDLE, series: 1, beats: beatsUntil(startUs, 1) })],
    ['beats', frameWith({ series: 1, device: '', beats: beatsUntil(startUs, 7) })],
    ['timeUs', frameWith({ series: 1, beats: beatsUntil(startUs + 1, 1) })],
    ['timeUs', frameWith({ series: 1, beats: beatsUntil(startUs - 20_000_000, 1) })],
    ['timeUs', frameWith({ series: 1, beats: beatsUntil(startUs, 2).reverse() })],
    ['beat', frameWith({ series: 1, beats: [{ ...beatsUntil(startUs, 1)[0]!, rrTicks: 307 }] })],
    ['beat', frameWith({ series: 1, beats: [{ ...beatsUntil(startUs, 1)[0]!, rrTicks: 2049 }] })],
    [
      'beat',
      frameWith({
        series: 1,
        beats: [{ ...beatsUntil(startUs, 1)[0]!, uncertaintyUs: 1_000_001 }],
      }),
    ],
  ])('a frame with its %s outside of the bounds is refused', (field, frame) => {
    const bytes = StreamMessage.encode({ frame })
    const block = new Uint8Array(256)
    block.set([bytes.length >> 8, bytes.length & 255])
    block.set(bytes, 2)
    expect(readStreamBlock(block)).toEqual({ ok: false, error: { code: 'STREAM_RANGE', field } })
  })

  it('other lengths, bytes behind the message and no message at all are refused', () => {
    const block = writeStreamBlock({ probe: { sequence: 1, isAccepted: false } })
    const code = (bytes: Uint8Array): string => {
      const read = readStreamBlock(bytes)
      return read.ok ? 'taken' : read.error.code
    }
    expect(code(block.subarray(0, 255))).toBe('STREAM_BLOCK')
    expect(code(Uint8Array.of(...block, 0))).toBe('STREAM_BLOCK')
    expect(code(block.map((byte, index) => (index === 255 ? 1 : byte)))).toBe('STREAM_BLOCK')
    expect(code(block.map((byte, index) => (index === 0 ? 1 : byte)))).toBe('STREAM_BLOCK')
    expect(code(new Uint8Array(256))).toBe('STREAM_MESSAGE')
    expect(code(new Uint8Array(0))).toBe('STREAM_BLOCK')
    expect(code(writeStreamBlock({ probe: { sequence: 0, isAccepted: true } }))).toBe(
      'STREAM_RANGE',
    )
  })

  it('no bytes of a stranger do more than a coded refusal', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 0, maxLength: 300 }), (bytes) => {
        const read = readStreamBlock(bytes)
        return read.ok ? hex(writeStreamBlock(read.value)) === hex(bytes) : true
      }),
    )
  })
})

describe('SENS-6 blocks open only in their order, and only with the keys of the other end', () => {
  const [up, down] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]
  const ends = () => [
    new SealedBlocks({ sendKey: up, receiveKey: down }),
    new SealedBlocks({ sendKey: down, receiveKey: up }),
  ]
  const sealError = { ok: false, error: { code: 'STREAM_SEAL' } }
  const message = { probe: { sequence: 7, isAccepted: true } }

  it('one after the other; each as long as any other', () => {
    const [phone, page] = ends()
    for (let count = 0; count < 300; count += 1) {
      const sealed = phone!.seal(message)
      expect(sealed.length).toBe(sealedBlockBytes)
      expect(page!.open(sealed)).toEqual({ ok: true, value: message })
    }
  })

  it('twice, left out, changed, cut or said to oneself: refused', () => {
    const [phone, page] = ends()
    const [first, second] = [phone!.seal(message), phone!.seal(message)]
    expect(hex(first)).not.toBe(hex(second))
    expect(page!.open(second)).toEqual(sealError)
    expect(page!.open(first.map((byte, index) => (index === 99 ? byte ^ 1 : byte)))).toEqual(
      sealError,
    )
    expect(page!.open(first.subarray(0, 9))).toEqual(sealError)
    expect(page!.open(first).ok).toBe(true)
    expect(page!.open(first)).toEqual(sealError)
    expect(phone!.open(phone!.seal(message))).toEqual(sealError)
  })
})

describe('SENS-6 the link', () => {
  const link = {
    pageKey: Uint8Array.from({ length: 32 }, (_, index) => 7 * index + 1),
    secret: Uint8Array.from({ length: 16 }, (_, index) => 255 - 9 * index),
  }

  it('is 64 characters of base64url, and comes back', () => {
    const text = linkText(link)
    expect(text).toBe(Buffer.from([...link.pageKey, ...link.secret]).toString('base64url'))
    expect(parseLink(text)).toEqual({ ok: true, value: link })
    const invalid = { ok: false, error: { code: 'STREAM_LINK_INVALID' } }
    for (const other of ['', text.slice(1), `${text}A`, `+${text.slice(1)}`, `é${text.slice(1)}`]) {
      expect(parseLink(other)).toEqual(invalid)
    }
  })

  it('gives keys that are not each other, and that another link does not give', () => {
    const other = { ...link, secret: link.secret.map((byte) => byte ^ 1) }
    const keys = [link, other].flatMap((one) => [linkPsk(one), linkPeerSeed(one)])
    const all = [...keys, returnPsk(linkPsk(link))].map(hex)
    expect(new Set(all).size).toBe(5)
  })

  it('shows six digits of a transcript', () => {
    const numbers = Array.from({ length: 200 }, (_, seed) =>
      checkNumber(new Uint8Array(32).fill(seed)),
    )
    for (const number of numbers) expect(number).toMatch(/^\d{3} \d{3}$/)
    expect(new Set(numbers).size).toBeGreaterThan(195)
  })
})

describe('SENS-6 how far the clock of the phone is ahead', () => {
  /** An answer that took `there` and `back`, to a phone that is `aheadUs` ahead. */
  const times = (aheadUs: number, there: number, back: number, sentUs = startUs) => {
    const receivedUs = sentUs + there + aheadUs
    return {
      sentUs,
      receivedUs,
      answeredUs: receivedUs + 100_000,
      backUs: sentUs + there + 100_000 + back,
    }
  }

  it('is within half of the shortest way, however unequal the two halves are', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e12, max: 1e12 }),
        fc.array(fc.tuple(fc.nat(400_000), fc.nat(400_000)), { minLength: 1, maxLength: 30 }),
        (aheadUs, ways) => {
          const clock = new ClockOffset()
          for (const [there, back] of ways) {
            expect(clock.take(times(aheadUs, there, back))).toBe('taken')
          }
          const { offsetUs, errorUs } = clock.known!
          expect(Math.abs(offsetUs - aheadUs)).toBeLessThanOrEqual(errorUs + 1)
          const shortest = Math.min(...ways.slice(-16).map(([there, back]) => there + back))
          expect(errorUs).toBe(Math.ceil(shortest / 2))
        },
      ),
    )
  })

  it('a clock that was set is noticed; answers from nowhere are refused', () => {
    const clock = new ClockOffset()
    expect(clock.known).toBeUndefined()
    expect(clock.take(times(5_000_000, 2000, 3000))).toBe('taken')
    expect(clock.take(times(5_010_000, 2000, 3000))).toBe('taken')
    expect(clock.take(times(4_000_000, 2000, 3000))).toBe('stepped')
    expect(clock.known?.offsetUs).toBe(3_999_500)
    expect(clock.take(times(0, 600_000, 600_000))).toBe('refused')
    expect(clock.take({ ...times(0, 10, 10), backUs: startUs - 1 })).toBe('refused')
    expect(clock.take({ ...times(0, 10, 10), answeredUs: startUs })).toBe('refused')
    expect(clock.known?.offsetUs).toBe(3_999_500)
  })
})
