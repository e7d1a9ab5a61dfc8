import { bls12_381 } from '@noble/curves/bls12-381.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  hasRecording,
  readRecording,
  recordingsMissing,
} from '../../../test/compliance/recordings.ts'
import { hex, utf8 } from '../../core/base/bytes.ts'
import type { BlsBackend } from '../../core/crypto/bls.ts'
import { blsNoble } from '../../core/crypto/blsNoble.ts'
import { blsSecretFromSeed } from '../../core/crypto/blsSecret.ts'
import { blsBlst } from './blsBlst.ts'
import { loadBlsWasm } from './blsWasm.ts'
import { setDomain } from './mclPoints.ts'

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'))
const secretOf = (seed: number): Uint8Array => blsSecretFromSeed(new Uint8Array(32).fill(seed))

const infinityKey = Uint8Array.of(0xc0, ...new Uint8Array(47))
const infinitySignature = Uint8Array.of(0xc0, ...new Uint8Array(95))

/** A point of the curve outside the subgroup: the first x that has one, with either sign. */
function keyOutsideSubgroup(): Uint8Array {
  const { Fp } = bls12_381.fields
  for (let x = 1n; ; x += 1n) {
    try {
      const y = Fp.sqrt(Fp.add(Fp.pow(x, 3n), 4n))
      const point = bls12_381.G1.Point.fromAffine({ x, y })
      if (!point.isTorsionFree()) {
        const encoded = Fp.toBytes(x)
        encoded[0] = (encoded[0] ?? 0) | 0x80
        return encoded
      }
    } catch {
      // x is not on the curve: take the next.
    }
  }
}

const backends = new Map<string, BlsBackend>([
  ['noble', blsNoble],
  ['blst', blsBlst],
  ['wasm', await loadBlsWasm()],
])

function backendOf(name: string): BlsBackend {
  const backend = backends.get(name)
  if (backend === undefined) throw new Error(`no backend ${name}`)
  return backend
}

/** The answers of every backend, which must be one. */
function agreed<T>(ask: (backend: BlsBackend) => T): T {
  const reference = ask(blsNoble)
  for (const backend of backends.values()) {
    expect(ask(backend), backend.name).toEqual(reference)
  }
  return reference
}

describe.each(['noble', 'blst', 'wasm'])('SIG-1: BLS multi-signatures, %s', (name) => {
  const message = utf8('emotionalchain vote')

  it('signs, verifies and refuses what was changed', () => {
    const backend = backendOf(name)
    const publicKey = backend.publicKey(secretOf(1))
    const signature = backend.sign(secretOf(1), message)
    expect([publicKey.length, signature.length]).toEqual([48, 96])
    expect(backend.verify(publicKey, message, signature)).toBe(true)
    expect(backend.verify(publicKey, utf8('another vote'), signature)).toBe(false)
    expect(backend.verify(backend.publicKey(secretOf(2)), message, signature)).toBe(false)
    expect(backend.isPublicKeyValid(publicKey)).toBe(true)
  })

  it('verifies an aggregate against exactly its signers', () => {
    const backend = backendOf(name)
    const secrets = [1, 2, 3].map(secretOf)
    const publicKeys = secrets.map((secret) => backend.publicKey(secret))
    const signatures = secrets.map((secret) => backend.sign(secret, message))
    const aggregate = backend.aggregateSignatures(signatures) ?? new Uint8Array(0)
    expect(backend.fastAggregateVerify(publicKeys, message, aggregate)).toBe(true)
    expect(backend.fastAggregateVerify(publicKeys.slice(1), message, aggregate)).toBe(false)
    expect(backend.fastAggregateVerify([], message, aggregate)).toBe(false)
    expect(backend.fastAggregateVerify([...publicKeys, infinityKey], message, aggregate)).toBe(
      false,
    )
  })

  it('aggregates the same when signatures were prepared, bad ones among them', () => {
    const backend = backendOf(name)
    const signatures = [1, 2, 3].map((seed) => backend.sign(secretOf(seed), message))
    const aggregate = backend.aggregateSignatures(signatures)
    for (let round = 0; round < 2; round += 1) {
      for (const signature of signatures) backend.prepareSignature?.(signature)
      expect(backend.aggregateSignatures(signatures)).toEqual(aggregate)
    }
    for (const bad of [infinitySignature, new Uint8Array(96), bytes('00')]) {
      backend.prepareSignature?.(bad)
      expect(backend.aggregateSignatures([...signatures, bad])).toBeUndefined()
    }
  })

  it('keeps proofs of possession and signatures apart', () => {
    const backend = backendOf(name)
    const publicKey = backend.publicKey(secretOf(1))
    const proof = backend.provePossession(secretOf(1))
    expect(backend.verifyPossession(publicKey, proof)).toBe(true)
    expect(backend.verify(publicKey, publicKey, proof)).toBe(false)
    expect(backend.verifyPossession(publicKey, backend.sign(secretOf(1), publicKey))).toBe(false)
    expect(backend.verifyPossession(backend.publicKey(secretOf(2)), proof)).toBe(false)
    expect(backend.verify(publicKey, message, backend.sign(secretOf(1), message))).toBe(true)
  })

  it('gives one answer however often a message comes, in its own domain each time', () => {
    const backend = backendOf(name)
    const secret = secretOf(1)
    const publicKey = backend.publicKey(secret)
    const [signature, proof] = [blsNoble.sign(secret, publicKey), blsNoble.provePossession(secret)]
    for (let round = 0; round < 2; round += 1) {
      expect(backend.sign(secret, publicKey)).toEqual(signature)
      expect(backend.provePossession(secret)).toEqual(proof)
      expect(backend.verify(publicKey, publicKey, signature)).toBe(true)
      expect(backend.verifyPossession(publicKey, proof)).toBe(true)
      expect(backend.verify(publicKey, publicKey, proof)).toBe(false)
      expect(backend.fastAggregateVerify([publicKey], publicKey, signature)).toBe(true)
      expect(backend.fastAggregateVerify([publicKey], publicKey, proof)).toBe(false)
    }
  })

  it('checks an aggregate made here as one that came, and forgets nothing between messages', () => {
    const backend = backendOf(name)
    const secrets = [1, 2, 3].map(secretOf)
    const publicKeys = secrets.map((secret) => backend.publicKey(secret))
    const messages = [utf8('vote'), utf8('commit'), new Uint8Array(0), new Uint8Array(300)]
    const sums = messages.map((one) =>
      backend.aggregateSignatures(secrets.map((secret) => backend.sign(secret, one))),
    )
    for (const [index, sum = new Uint8Array(0)] of sums.entries()) {
      for (const [other, one] of messages.entries()) {
        expect(backend.fastAggregateVerify(publicKeys, one, sum)).toBe(index === other)
      }
    }
  })

  it('refuses infinity, points outside the subgroup and empty lists', () => {
    const backend = backendOf(name)
    const outside = keyOutsideSubgroup()
    const signature = backend.sign(secretOf(1), message)
    expect(backend.isPublicKeyValid(infinityKey)).toBe(false)
    expect(backend.isPublicKeyValid(outside)).toBe(false)
    expect(backend.verify(infinityKey, message, infinitySignature)).toBe(false)
    expect(backend.verify(outside, message, signature)).toBe(false)
    expect(backend.verifyPossession(infinityKey, infinitySignature)).toBe(false)
    expect(backend.aggregateSignatures([])).toBeUndefined()
    expect(backend.aggregateSignatures([signature, infinitySignature])).toBeUndefined()
  })

  it('refuses the uncompressed form: a point has one encoding', () => {
    const backend = backendOf(name)
    const publicKey = backend.publicKey(secretOf(1))
    const signature = backend.sign(secretOf(1), message)
    const longKey = bls12_381.G1.Point.fromBytes(publicKey).toBytes(false)
    const longSignature = bls12_381.G2.Point.fromBytes(signature).toBytes(false)
    expect([longKey.length, longSignature.length]).toEqual([96, 192])
    expect(backend.isPublicKeyValid(longKey)).toBe(false)
    expect(backend.verify(longKey, message, signature)).toBe(false)
    expect(backend.verify(publicKey, message, longSignature)).toBe(false)
    expect(backend.aggregateSignatures([longSignature])).toBeUndefined()
    expect(backend.fastAggregateVerify([longKey], message, signature)).toBe(false)
  })

  it('refuses keys and signatures that cancel out', () => {
    const backend = backendOf(name)
    const secret = secretOf(1)
    const scalars = bls12_381.fields.Fr
    const negated = scalars.toBytes(scalars.neg(scalars.fromBytes(secret)))
    const signatures = [backend.sign(secret, message), backend.sign(negated, message)]
    const publicKeys = [backend.publicKey(secret), backend.publicKey(negated)]
    expect(backend.aggregateSignatures(signatures)).toBeUndefined()
    for (const signature of [infinitySignature, ...signatures]) {
      expect(backend.fastAggregateVerify(publicKeys, message, signature)).toBe(false)
    }
  })

  it('asserts on a secret of ours that is none', () => {
    const backend = backendOf(name)
    for (const secret of [new Uint8Array(31), new Uint8Array(32), new Uint8Array(32).fill(255)]) {
      expect(() => backend.sign(secret, message)).toThrow()
      expect(() => backend.publicKey(secret)).toThrow()
    }
  })
})

describe('SIG-1: every BLS backend gives the same bytes and the same answers', () => {
  it('on random keys and messages', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.uint8Array({ maxLength: 300, size: 'max' }),
        (seed, message) => {
          const secret = blsSecretFromSeed(seed)
          const publicKey = agreed((backend) => backend.publicKey(secret))
          const signature = agreed((backend) => backend.sign(secret, message))
          const proof = agreed((backend) => backend.provePossession(secret))
          expect(agreed((backend) => backend.verify(publicKey, message, signature))).toBe(true)
          expect(agreed((backend) => backend.verifyPossession(publicKey, proof))).toBe(true)
        },
      ),
      { numRuns: 5 },
    )
  })

  it('takes no domain of another length, of which mcl would read a part', () => {
    expect(() => {
      setDomain('QUUX-V01-CS02-with-BLS12381G2_XMD:SHA-256_SSWU_RO_')
    }).toThrow('43 bytes')
    agreed((backend) => backend.sign(secretOf(1), utf8('after it')))
  })

  it('on random bytes and on valid encodings with one bit turned', () => {
    const publicKey = blsNoble.publicKey(secretOf(5))
    const signature = blsNoble.sign(secretOf(5), utf8('m'))
    const turned = (source: Uint8Array): fc.Arbitrary<Uint8Array> =>
      fc.nat({ max: source.length * 8 - 1 }).map((bit) => {
        const copy = source.slice()
        copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        return copy
      })
    fc.assert(
      fc.property(
        fc.oneof(turned(publicKey), fc.uint8Array({ maxLength: 100, size: 'max' })),
        fc.oneof(turned(signature), fc.uint8Array({ maxLength: 100, size: 'max' })),
        (key, other) => {
          agreed((backend) => backend.isPublicKeyValid(key))
          agreed((backend) => backend.aggregateSignatures([other, signature]))
          expect(agreed((backend) => backend.verify(publicKey, utf8('m'), other))).toBe(false)
          expect(agreed((backend) => backend.verify(key, utf8('m'), signature))).toBe(false)
        },
      ),
      { numRuns: 25 },
    )
  })
})

/** Blocks of `name value` lines, each closed by its `out` line. */
function readCases(path: string): readonly (readonly (readonly [string, string])[])[] {
  const cases: [string, string][][] = [[]]
  for (const line of readRecording(path).split('\n')) {
    const [name, value = ''] = line.trim().split(' ')
    if (name === undefined || name === '') continue
    cases.at(-1)?.push([name, value])
    if (name === 'out') cases.push([])
  }
  return cases.filter((one) => one.length > 0)
}

function valuesOf(one: readonly (readonly [string, string])[], name: string): Uint8Array[] {
  return one.filter((line) => line[0] === name).map((line) => bytes(line[1]))
}

const ethereum = (operation: string): string => `vectors/bls-eth/bls_tests_${operation}.txt`
const empty = new Uint8Array(0)

describe.skipIf(!hasRecording(ethereum('sign')))(
  `SIG-1: BLS vectors of Ethereum ${recordingsMissing}`,
  () => {
    it('sign', () => {
      for (const one of readCases(ethereum('sign'))) {
        const [secret = empty] = valuesOf(one, 'sec')
        const [message = empty] = valuesOf(one, 'msg')
        const [expected = empty] = valuesOf(one, 'out')
        expect(hex(agreed((backend) => backend.sign(secret, message)))).toBe(hex(expected))
      }
    })

    it('verify', () => {
      const cases = readCases(ethereum('verify'))
      expect(cases.length).toBe(28)
      for (const one of cases) {
        const [publicKey = empty] = valuesOf(one, 'pub')
        const [message = empty] = valuesOf(one, 'msg')
        const [signature = empty] = valuesOf(one, 'sig')
        expect(String(agreed((backend) => backend.verify(publicKey, message, signature)))).toBe(
          one.at(-1)?.[1],
        )
      }
    })

    it('fast_aggregate_verify', () => {
      for (const one of readCases(ethereum('fast_aggregate_verify'))) {
        const publicKeys = valuesOf(one, 'pub')
        const [message = empty] = valuesOf(one, 'msg')
        const [signature = empty] = valuesOf(one, 'sig')
        const answer = agreed((backend) =>
          backend.fastAggregateVerify(publicKeys, message, signature),
        )
        expect(String(answer)).toBe(one.at(-1)?.[1])
      }
    })

    it('aggregate', () => {
      for (const one of readCases(ethereum('aggregate'))) {
        const [expected = empty] = valuesOf(one, 'out')
        const signatures = valuesOf(one, 'sig')
        expect(hex(agreed((backend) => backend.aggregateSignatures(signatures)) ?? empty)).toBe(
          hex(expected),
        )
      }
    })
  },
)

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

const wycheproofPath = 'vectors/wycheproof/bls_sig_g2_pop_verify_test.json'

describe.skipIf(!hasRecording(wycheproofPath))(
  `SIG-1: BLS vectors of Wycheproof ${recordingsMissing}`,
  () => {
    it('gives the stated outcome', () => {
      const file = JSON.parse(readRecording(wycheproofPath)) as WycheproofFile
      for (const group of file.testGroups) {
        for (const test of group.tests) {
          const valid = agreed((backend) =>
            backend.verify(bytes(group.publicKey.pk), bytes(test.msg), bytes(test.sig)),
          )
          expect(valid, `test ${String(test.tcId)}`).toBe(test.result === 'valid')
        }
      }
    })
  },
)
