/** What the signatures of the agreement cost on this machine, one thread, in milliseconds. */
import { blsBlst } from '../../src/adapters/crypto/blsBlst.ts'
import { loadBlsWasm } from '../../src/adapters/crypto/blsWasm.ts'
import { blsNoble } from '../../src/core/crypto/blsNoble.ts'
import type { BlsBackend } from '../../src/core/crypto/bls.ts'
import { blsSecretFromSeed } from '../../src/core/crypto/blsSecret.ts'
import { hash } from '../../src/core/crypto/hash.ts'
import { medianOf } from '../measure.ts'

export interface SignatureCosts {
  readonly backend: string
  readonly sign: number
  readonly verify: number
  /** A certificate of 15 seats. */
  readonly verifyCertificate: number
  /** Fifteen signatures to one: as they come, and when each was prepared on its arrival. */
  readonly aggregate: number
  readonly aggregatePrepared: number
  readonly prepare: number
}

const quorum = 15

export async function signatureCosts(runs: number): Promise<readonly SignatureCosts[]> {
  const backends = [await loadBlsWasm(), blsBlst, blsNoble]
  return backends.map((backend) => measure(backend, backend === blsNoble ? 1 : runs))
}

function measure(backend: BlsBackend, runs: number): SignatureCosts {
  const secrets = Array.from({ length: quorum }, (_none, index) =>
    blsSecretFromSeed(new Uint8Array(32).fill(index + 1)),
  )
  const keys = secrets.map((secret) => backend.publicKey(secret))
  const [secret, key] = [secrets[0], keys[0]]
  if (secret === undefined || key === undefined) throw new Error('there are fifteen seats')
  const messageOf = (index: number): Uint8Array => hash('vote', Uint8Array.of(index & 255))
  const count = Math.max(2, runs * 4)
  const votes = Array.from({ length: count + 1 }, (_none, index) =>
    secrets.map((one) => backend.sign(one, messageOf(index))),
  )
  const first = (index: number): Uint8Array => votes[index]?.[0] ?? new Uint8Array(0)
  const sums = votes.map((list) => backend.aggregateSignatures(list) ?? new Uint8Array(0))
  const times = (work: (index: number) => unknown): number => {
    work(0)
    const each = Array.from({ length: count }, (_none, index) => {
      const startMs = performance.now()
      work(index + 1)
      return performance.now() - startMs
    })
    return medianOf(each)
  }
  const aggregate = times((index) => backend.aggregateSignatures(votes[index] ?? []))
  const prepare = times((index) => {
    for (const signature of votes[index] ?? []) backend.prepareSignature?.(signature)
  })
  return {
    backend: backend.name,
    sign: times((index) => backend.sign(secret, messageOf(index + 100))),
    verify: times((index) => backend.verify(key, messageOf(index), first(index))),
    verifyCertificate: times((index) =>
      backend.fastAggregateVerify(keys, messageOf(index), sums[index] ?? new Uint8Array(0)),
    ),
    aggregate,
    prepare: prepare / quorum,
    aggregatePrepared: times((index) => backend.aggregateSignatures(votes[index] ?? [])),
  }
}
