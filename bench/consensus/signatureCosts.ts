/**
 * What the signatures of the agreement cost on this machine, in milliseconds of processor time:
 * medians, one operation after the other in each round, so that a load falls on all of them.
 */
import { blsBlst } from '../../src/adapters/crypto/blsBlst.ts'
import { loadBlsWasm } from '../../src/adapters/crypto/blsWasm.ts'
import { blsNoble } from '../../src/core/crypto/blsNoble.ts'
import type { BlsBackend } from '../../src/core/crypto/bls.ts'
import { blsSecretFromSeed } from '../../src/core/crypto/blsSecret.ts'
import { u32be } from '../../src/core/base/bytes.ts'
import { hash } from '../../src/core/crypto/hash.ts'
import { medianOf } from '../measure.ts'

export interface SignatureCosts {
  readonly backend: string
  readonly sign: number
  /** A message that was signed or checked before. */
  readonly signAgain: number
  readonly verify: number
  /** A certificate of 15 seats that came from elsewhere, over a message that was never seen. */
  readonly verifyCertificate: number
  /** One that was aggregated here, over a message that was signed here. */
  readonly verifyMade: number
  /** Fifteen signatures to one: as they come, and when each was prepared on its arrival. */
  readonly aggregate: number
  readonly aggregatePrepared: number
  readonly prepare: number
}

const quorum = 15
const warmUpRounds = 2

const secrets = Array.from({ length: quorum }, (_none, index) =>
  blsSecretFromSeed(new Uint8Array(32).fill(index + 1)),
)
const keys = secrets.map((secret) => blsBlst.publicKey(secret))
const [secret, key] = [secrets[0] ?? new Uint8Array(0), keys[0] ?? new Uint8Array(0)]
const none = new Uint8Array(0)

export async function signatureCosts(runs: number): Promise<readonly SignatureCosts[]> {
  const backends = [await loadBlsWasm(), blsBlst, blsNoble]
  return backends.map((backend) => measure(backend, backend === blsNoble ? 1 : runs))
}

function measure(backend: BlsBackend, runs: number): SignatureCosts {
  const times = new Map<string, number[]>()
  const timed = <T>(name: string, work: () => T): T => {
    const start = process.cpuUsage()
    const result = work()
    const { user, system } = process.cpuUsage(start)
    times.set(name, [...(times.get(name) ?? []), (user + system) / 1000])
    return result
  }
  for (let round = 0; round < warmUpRounds; round += 1)
    oneRound(backend, round, (_name, work) => work())
  const last = warmUpRounds + Math.max(2, runs * 4)
  for (let round = warmUpRounds; round < last; round += 1) oneRound(backend, round, timed)
  const median = (name: string): number => medianOf(times.get(name) ?? [])
  return {
    backend: backend.name,
    sign: median('sign'),
    signAgain: median('signAgain'),
    verify: median('verify'),
    verifyCertificate: median('verifyCertificate'),
    verifyMade: median('verifyMade'),
    aggregate: median('aggregate'),
    aggregatePrepared: median('aggregatePrepared'),
    prepare: median('prepare') / quorum,
  }
}

/** Messages are new in each round, and those of others are signed outside of `backend`. */
function oneRound(
  backend: BlsBackend,
  round: number,
  timed: <T>(name: string, work: () => T) => T,
): void {
  const message = (part: number): Uint8Array => hash('vote', u32be(round), u32be(part))
  const votesOn = (one: Uint8Array): Uint8Array[] =>
    secrets.map((other) => blsBlst.sign(other, one))
  const [own, single, foreign] = [message(0), message(1), message(2)]
  const vote = blsBlst.sign(secret, single)
  const certificate = blsBlst.aggregateSignatures(votesOn(foreign)) ?? none
  const [ownVotes, unprepared] = [votesOn(own), votesOn(message(3))]
  timed('sign', () => backend.sign(secret, own))
  timed('signAgain', () => backend.sign(secrets[1] ?? none, own))
  timed('verify', () => backend.verify(key, single, vote))
  timed('verifyCertificate', () => backend.fastAggregateVerify(keys, foreign, certificate))
  timed('aggregate', () => backend.aggregateSignatures(unprepared))
  timed('prepare', () => {
    for (const one of ownVotes) backend.prepareSignature?.(one)
  })
  const sum = timed('aggregatePrepared', () => backend.aggregateSignatures(ownVotes)) ?? none
  if (!timed('verifyMade', () => backend.fastAggregateVerify(keys, own, sum))) {
    throw new Error(`${backend.name} refuses what it made`)
  }
}
