import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  ed25519SignatureFiles,
  readEd25519Vectors,
} from '../../../test/compliance/ed25519Vectors.ts'
import { recordingsMissing } from '../../../test/compliance/recordings.ts'
import { isVectorFileMissing } from '../../../test/compliance/vectors/vectorFiles.ts'
import { webRandom } from '../../../src/adapters/keys/webRandom.ts'
import { ed25519Verify } from '../../../src/core/crypto/ed25519.ts'
import type { SignatureItem } from '../../../src/ports/signatureVerifier.ts'
import { BatchVerifier } from './batchVerifier.ts'
import {
  makeSignature,
  signatureSorts,
  smallOrderEncodings,
  withScalar,
} from './testSignatures.fixture.ts'

const verifier = new BatchVerifier(webRandom)
const reference = (items: readonly SignatureItem[]): readonly boolean[] =>
  items.map(({ signature, message, publicKey }) => ed25519Verify(signature, message, publicKey))

function good(count: number): readonly SignatureItem[] {
  return Array.from({ length: count }, (_, index) => makeSignature('good', index + 1))
}

describe('SIG-1 a batch says what the reference says of each signature', () => {
  it('for mixes of good and bad ones, of points of small and of mixed order', () => {
    const made = fc.tuple(fc.constantFrom(...signatureSorts), fc.nat(65_535))
    const seen = { valid: 0, invalid: 0 }
    fc.assert(
      fc.property(fc.array(made, { maxLength: 24, size: 'max' }), (sorts) => {
        const items = sorts.map(([sort, number]) => makeSignature(sort, number))
        const expected = reference(items)
        expect(verifier.verify(items)).toEqual(expected)
        for (const isValid of expected) seen[isValid ? 'valid' : 'invalid'] += 1
      }),
      { numRuns: 25 },
    )
    expect(Math.min(seen.valid, seen.invalid)).toBeGreaterThan(10)
  })

  it('for any bytes', () => {
    const any = fc.uint8Array({ maxLength: 70 })
    const sized = (size: number): fc.Arbitrary<Uint8Array> =>
      fc.uint8Array({ minLength: size, maxLength: size })
    const item = fc.oneof(
      fc.record({ publicKey: any, message: any, signature: any }),
      fc.record({ publicKey: sized(32), message: any, signature: sized(64) }),
    )
    fc.assert(
      fc.property(fc.array(item, { maxLength: 12 }), (items) => {
        expect(verifier.verify(items)).toEqual(reference(items))
      }),
      { numRuns: 30 },
    )
  })

  it('for every pair of encodings of small order', () => {
    const items = smallOrderEncodings.flatMap((publicKey) =>
      smallOrderEncodings.map((commitment) => {
        const signature = new Uint8Array(64)
        signature.set(commitment)
        return { publicKey, message: Uint8Array.of(7), signature }
      }),
    )
    expect(items).toHaveLength(196)
    expect(verifier.verify(items)).toEqual(reference(items))
  })

  it.each([0, 1, 2, 127, 128, 129, 200, 600, 1024, 1030])('for %i good ones', (count) => {
    const some = good(40)
    const items = Array.from(
      { length: count },
      (_, index) => some[index % 40] ?? makeSignature('good', 1),
    )
    expect(verifier.verify(items)).toEqual(items.map(() => true))
  })

  it('and names a single bad one among many, wherever it is', () => {
    const some = good(40)
    for (const place of [0, 1, 255, 256, 511]) {
      const items = Array.from({ length: 512 }, (_, index) =>
        index === place
          ? makeSignature('wrong message', 3)
          : (some[index % 40] ?? makeSignature('good', 1)),
      )
      expect(verifier.verify(items)).toEqual(items.map((_, index) => index !== place))
    }
  })
})

describe('RAND-1 the coefficients of a batch', () => {
  // Each is wrong by one base point, in opposite directions.
  const [first, second] = good(2) as [SignatureItem, SignatureItem]
  const pair = [
    { ...first, signature: withScalar(first.signature, 1n) },
    { ...second, signature: withScalar(second.signature, -1n) },
  ]

  it('keep errors from cancelling each other', () => {
    expect(reference(pair)).toEqual([false, false])
    expect(verifier.verify(pair)).toEqual([false, false])
  })

  it('are asked of the generator for each batch: one that repeats itself would be fooled', () => {
    const constant = new BatchVerifier({ bytes: (length) => new Uint8Array(length).fill(9) })
    expect(constant.verify(pair)).toEqual([true, true])
  })
})

describe(`SIG-1: vectors in batches ${recordingsMissing}`, () => {
  it.skipIf(isVectorFileMissing).each(ed25519SignatureFiles)('%s', (path) => {
    const items = readEd25519Vectors(path)
    expect(items.length).toBeGreaterThan(9)
    const expected = reference(items)
    expect(verifier.verify(items)).toEqual(expected)
    // One by one, and those that hold together.
    expect(items.map((item) => verifier.verify([item])[0])).toEqual(expected)
    const valid = items.filter((_, index) => expected[index])
    expect(verifier.verify(valid).every(Boolean)).toBe(true)
  })
})
