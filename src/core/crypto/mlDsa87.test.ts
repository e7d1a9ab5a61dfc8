import { gunzipSync } from 'node:zlib'
import { ml_dsa87 } from '@noble/post-quantum/ml-dsa.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  hasRecording,
  readRecordingBytes,
  recordingsMissing,
} from '../../../test/compliance/recordings.ts'
import { hex, utf8 } from '../base/bytes.ts'
import { mlDsa87Keys, mlDsa87Sign, mlDsa87Verify } from './mlDsa87.ts'

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'))
const { publicKey, secretKey } = mlDsa87Keys(new Uint8Array(32).fill(7))
const message = utf8('a heartbeat')
const signature = mlDsa87Sign(secretKey, message)

describe('SIG-1 CKPT-1: ML-DSA-87', () => {
  it('verifies what it signed, hedged or not, and signs the same bytes again', () => {
    expect(mlDsa87Verify(signature, message, publicKey)).toBe(true)
    expect(hex(mlDsa87Sign(secretKey, message))).toBe(hex(signature))
    const hedged = mlDsa87Sign(secretKey, message, new Uint8Array(32).fill(1))
    expect(hex(hedged)).not.toBe(hex(signature))
    expect(mlDsa87Verify(hedged, message, publicKey)).toBe(true)
  })

  it('refuses a changed signature, message or key', () => {
    for (const position of [0, 63, 64, 2000, 4543, 4544, 4626]) {
      const changed = signature.slice()
      changed[position] = (changed[position] ?? 0) ^ 1
      expect(mlDsa87Verify(changed, message, publicKey)).toBe(false)
    }
    expect(mlDsa87Verify(signature, utf8('a heartbeaT'), publicKey)).toBe(false)
    expect(mlDsa87Verify(signature, message, mlDsa87Keys(new Uint8Array(32)).publicKey)).toBe(false)
  })

  it('answers on any bytes and never throws', () => {
    const lengths = [0, 1, 2591, 2592, 2593, 4626, 4627, 4628]
    for (const length of lengths) {
      for (const fill of [0, 255]) {
        const odd = new Uint8Array(length).fill(fill)
        expect(mlDsa87Verify(odd, message, publicKey)).toBe(false)
        expect(mlDsa87Verify(signature, message, odd)).toBe(false)
      }
    }
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 4627, maxLength: 4627 }),
        fc.uint8Array({ minLength: 2592, maxLength: 2592 }),
        (anySignature, anyKey) => {
          expect(mlDsa87Verify(anySignature, message, anyKey)).toBe(false)
        },
      ),
      { numRuns: 10 },
    )
  })
})

interface AcvpFile<T> {
  readonly testGroups: readonly {
    readonly parameterSet: string
    readonly signatureInterface?: string
    readonly preHash?: string
    readonly externalMu?: boolean
    readonly tests: readonly T[]
  }[]
}

function readAcvp<T>(path: string): AcvpFile<T>['testGroups'] {
  const text = gunzipSync(readRecordingBytes(path)).toString('utf8')
  return (JSON.parse(text) as AcvpFile<T>).testGroups.filter(
    ({ parameterSet }) => parameterSet === 'ML-DSA-87',
  )
}

interface SigVerCase {
  readonly tcId: number
  readonly testPassed: boolean
  readonly pk: string
  readonly message: string
  readonly context?: string
  readonly signature: string
  readonly sk: string
}

const sigVerPath = 'vectors/nist-acvp/ML-DSA-sigVer-FIPS204__internalProjection.json.gz'

describe.skipIf(!hasRecording(sigVerPath))(`SIG-1: ACVP sigVer ${recordingsMissing}`, () => {
  const groups = hasRecording(sigVerPath) ? readAcvp<SigVerCase>(sigVerPath) : []

  it('gives the stated outcome of every pure case, with its context', () => {
    const pure = groups.filter(({ preHash }) => preHash === 'pure')
    const outcomes = pure.flatMap(({ tests }) => tests)
    expect(outcomes).toHaveLength(15)
    for (const one of outcomes) {
      const context = bytes(one.context ?? '')
      const [sig, msg, key] = [bytes(one.signature), bytes(one.message), bytes(one.pk)]
      const valid = ml_dsa87.verify(sig, msg, key, { context })
      expect(valid, `test ${String(one.tcId)}`).toBe(one.testPassed)
      // This chain's own use has no context: a signature for another use does not count here.
      expect(mlDsa87Verify(sig, msg, key)).toBe(one.testPassed && context.length === 0)
    }
  })

  it('signs for the keys of the vectors what it verifies without a context', () => {
    for (const { tests } of groups.filter(({ preHash }) => preHash === 'pure')) {
      for (const { sk, pk } of tests.slice(0, 3)) {
        const made = mlDsa87Sign(bytes(sk), message)
        expect(mlDsa87Verify(made, message, bytes(pk))).toBe(true)
      }
    }
  })

  it('gives the stated outcome of every internal case', () => {
    const internal = groups.filter(
      (group) => group.signatureInterface === 'internal' && group.externalMu === false,
    )
    const cases = internal.flatMap(({ tests }) => tests)
    expect(cases).toHaveLength(15)
    for (const one of cases) {
      const args = [bytes(one.signature), bytes(one.message), bytes(one.pk)] as const
      expect(ml_dsa87.internal.verify(...args), `test ${String(one.tcId)}`).toBe(one.testPassed)
    }
  })
})

interface KeyGenCase {
  readonly tcId: number
  readonly seed: string
  readonly pk: string
  readonly sk: string
}

const keyGenPath = 'vectors/nist-acvp/ML-DSA-keyGen-FIPS204__internalProjection.json.gz'

describe.skipIf(!hasRecording(keyGenPath))(`SIG-1: ACVP keyGen ${recordingsMissing}`, () => {
  it('derives the stated keys from every seed', () => {
    const cases = readAcvp<KeyGenCase>(keyGenPath).flatMap(({ tests }) => tests)
    expect(cases).toHaveLength(25)
    for (const { tcId, seed, pk, sk } of cases) {
      const keys = mlDsa87Keys(bytes(seed))
      expect(hex(keys.publicKey), `test ${String(tcId)}`).toBe(pk.toLowerCase())
      expect(hex(keys.secretKey), `test ${String(tcId)}`).toBe(sk.toLowerCase())
    }
  })
})
