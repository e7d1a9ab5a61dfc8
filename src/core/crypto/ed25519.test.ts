import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  hasRecording,
  readRecording,
  recordingsMissing,
} from '../../../test/compliance/recordings.ts'
import { hex, utf8 } from '../base/bytes.ts'
import { ed25519PublicKey, ed25519Sign, ed25519Verify } from './ed25519.ts'

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'))

/** RFC 8032, section 7.1, tests 1 to 3. */
const rfc8032 = [
  {
    seed: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    publicKey: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    message: '',
    signature:
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155' +
      '5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  },
  {
    seed: '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    publicKey: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    message: '72',
    signature:
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da' +
      '085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  },
  {
    seed: 'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
    publicKey: 'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    message: 'af82',
    signature:
      '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac' +
      '18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  },
] as const

describe('SIG-1: Ed25519 under ZIP-215', () => {
  it.each(rfc8032)('signs and verifies as RFC 8032: $publicKey', (vector) => {
    const seed = bytes(vector.seed)
    const message = bytes(vector.message)
    expect(hex(ed25519PublicKey(seed))).toBe(vector.publicKey)
    expect(hex(ed25519Sign(seed, message))).toBe(vector.signature)
    expect(ed25519Verify(bytes(vector.signature), message, bytes(vector.publicKey))).toBe(true)
  })

  it('refuses a changed signature, message or key', () => {
    const seed = new Uint8Array(32).fill(7)
    const publicKey = ed25519PublicKey(seed)
    const message = utf8('a heartbeat')
    const signature = ed25519Sign(seed, message)
    for (const position of [0, 31, 32, 63]) {
      const changed = signature.slice()
      changed[position] = (changed[position] ?? 0) ^ 1
      expect(ed25519Verify(changed, message, publicKey)).toBe(false)
    }
    expect(ed25519Verify(signature, utf8('a heartbeaT'), publicKey)).toBe(false)
    expect(ed25519Verify(signature, message, ed25519PublicKey(new Uint8Array(32)))).toBe(false)
  })

  it('refuses a signature or a key of another length, also one that begins or ends right', () => {
    const seed = new Uint8Array(32).fill(7)
    const publicKey = ed25519PublicKey(seed)
    const message = utf8('a heartbeat')
    const signature = ed25519Sign(seed, message)
    const odd = (right: Uint8Array): Uint8Array[] => [
      new Uint8Array(0),
      right.subarray(1),
      right.subarray(0, -1),
      Uint8Array.of(...right, 0),
      Uint8Array.of(0, ...right),
      Uint8Array.of(...right, ...right),
    ]
    expect(ed25519Verify(signature, message, publicKey)).toBe(true)
    for (const one of odd(signature)) expect(ed25519Verify(one, message, publicKey)).toBe(false)
    for (const one of odd(publicKey)) expect(ed25519Verify(signature, message, one)).toBe(false)
  })

  it('answers on any bytes and never throws', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 80, size: 'max' }),
        fc.uint8Array({ maxLength: 40, size: 'max' }),
        fc.uint8Array({ maxLength: 40, size: 'max' }),
        (signature, message, publicKey) => {
          expect(ed25519Verify(signature, message, publicKey)).toBe(false)
        },
      ),
    )
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 64, maxLength: 64 }),
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        (signature, publicKey) => {
          expect(typeof ed25519Verify(signature, new Uint8Array(0), publicKey)).toBe('boolean')
        },
      ),
      { numRuns: 30 },
    )
  })
})

interface Zip215Vector {
  readonly vk_bytes: string
  readonly sig_bytes: string
  readonly valid_zip215: boolean
}

const zip215Path = 'vectors/noble-curves/zip215.json'

describe.skipIf(!hasRecording(zip215Path))(`SIG-1: ZIP-215 vectors ${recordingsMissing}`, () => {
  it('gives the outcome that ZIP-215 states', () => {
    const vectors = JSON.parse(readRecording(zip215Path)) as Zip215Vector[]
    expect(vectors.length).toBeGreaterThan(190)
    for (const vector of vectors) {
      expect(
        ed25519Verify(bytes(vector.sig_bytes), utf8('Zcash'), bytes(vector.vk_bytes)),
        `${vector.vk_bytes} ${vector.sig_bytes}`,
      ).toBe(vector.valid_zip215)
    }
  })
})

interface CctvVector {
  readonly number: number
  readonly key: string
  readonly sig: string
  readonly msg: string
  readonly flags: readonly string[] | null
}

const cctvPath = 'vectors/cctv/ed25519_ed25519vectors.json'

describe.skipIf(!hasRecording(cctvPath))(`SIG-1: CCTV vectors ${recordingsMissing}`, () => {
  // A re-encoded challenge is a wrong one, and it matters unless 8·A is the identity, which takes
  // the challenge out of the cofactored equation.
  it('accepts all but those whose challenge hashes a re-encoded point and matters', () => {
    const vectors = JSON.parse(readRecording(cctvPath)) as CctvVector[]
    expect(vectors.length).toBe(914)
    for (const vector of vectors) {
      const valid = ed25519Verify(bytes(vector.sig), utf8(vector.msg), bytes(vector.key))
      const flags = vector.flags ?? []
      const wrong = flags.includes('reencoded_k') && !flags.includes('low_order_A')
      expect(valid, `number ${String(vector.number)}`).toBe(!wrong)
    }
  })
})

interface SpeccheckCase {
  readonly message: string
  readonly pub_key: string
  readonly signature: string
}

const speccheckPath = 'vectors/ed25519-speccheck/cases.json'

describe.skipIf(!hasRecording(speccheckPath))(`SIG-1: speccheck ${recordingsMissing}`, () => {
  // "Taming the many EdDSAs", table 5, row ZIP215: cofactored, any encoding, S below the order.
  const accepted = [true, true, true, true, true, true, false, false, false, true, true, true]

  it('gives the row ZIP215 of the table', () => {
    const cases = JSON.parse(readRecording(speccheckPath)) as SpeccheckCase[]
    const outcomes = cases.map((one) =>
      ed25519Verify(bytes(one.signature), bytes(one.message), bytes(one.pub_key)),
    )
    expect(outcomes).toEqual(accepted)
  })
})

interface WycheproofFile {
  readonly testGroups: readonly {
    readonly publicKey: { readonly pk: string }
    readonly tests: readonly {
      readonly tcId: number
      readonly msg: string
      readonly sig: string
      readonly result: 'valid' | 'invalid'
    }[]
  }[]
}

const wycheproofPath = 'vectors/wycheproof/ed25519_test.json'

describe.skipIf(!hasRecording(wycheproofPath))(`SIG-1: Wycheproof ${recordingsMissing}`, () => {
  /** R encodes y = 1 with the sign of x set: RFC 8032 refuses it, ZIP-215 reads the identity. */
  const acceptedByZip215 = 151

  it('gives the stated outcome but for the encoding that ZIP-215 accepts', () => {
    const file = JSON.parse(readRecording(wycheproofPath)) as WycheproofFile
    for (const group of file.testGroups) {
      for (const test of group.tests) {
        const valid = ed25519Verify(bytes(test.sig), bytes(test.msg), bytes(group.publicKey.pk))
        expect(valid, `test ${String(test.tcId)}`).toBe(
          test.result === 'valid' || test.tcId === acceptedByZip215,
        )
      }
    }
  })
})
