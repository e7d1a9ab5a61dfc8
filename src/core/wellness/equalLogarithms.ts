/**
 * That two points have one logarithm to two bases, without telling it: Chaum and Pedersen (CRYPTO
 * 1992), made non-interactive over everything that the statement names (Fiat and Shamir).
 */
import { concat } from '../base/bytes.ts'
import {
  decodeScalar,
  encodeScalar,
  generator,
  groupOrder,
  scalarBytes,
  scalars,
  times,
  type WellnessPoint,
} from './group.ts'
import { SeedStream, wellnessHash, type StreamTag } from './seedStream.ts'

const challengeBytes = 16
/** Challenge and response. */
export const equalityBytes = challengeBytes + scalarBytes

/** One number x with own = x · generator and point = x · base. */
export interface EqualLogarithms {
  readonly base: WellnessPoint
  readonly own: WellnessPoint
  readonly point: WellnessPoint
  /** Everything that the proof is about, the points above among it. */
  readonly statement: Uint8Array
  /** Of this kind of statement alone. */
  readonly tags: { readonly nonce: StreamTag; readonly challenge: StreamTag }
}

export function proveEqual(equal: EqualLogarithms, secret: bigint): Uint8Array {
  const { base, statement, tags } = equal
  // From the secret and the statement, so that no two proofs ever have one nonce (RFC 6979).
  const seed = wellnessHash(tags.nonce, encodeScalar(secret), statement)
  const nonce = new SeedStream(tags.nonce, seed).below(groupOrder)
  const challenge = challengeOf(equal, times(generator, nonce), times(base, nonce))
  const response = scalars.subtract(nonce, scalars.multiply(scalarOf(challenge), secret))
  return concat(challenge, encodeScalar(response))
}

/** False for any other bytes than such a proof of this statement. */
export function isEqual(equal: EqualLogarithms, bytes: Uint8Array): boolean {
  if (bytes.length !== equalityBytes) return false
  const challenge = bytes.slice(0, challengeBytes)
  const response = decodeScalar(bytes.subarray(challengeBytes))
  if (response === undefined) return false
  const factor = scalarOf(challenge)
  const again = challengeOf(
    equal,
    times(generator, response).add(times(equal.own, factor)),
    times(equal.base, response).add(times(equal.point, factor)),
  )
  return again.every((byte, index) => byte === challenge[index])
}

function challengeOf(
  { statement, tags }: EqualLogarithms,
  first: WellnessPoint,
  second: WellnessPoint,
): Uint8Array {
  const digest = wellnessHash(tags.challenge, statement, first.toBytes(), second.toBytes())
  return digest.slice(0, challengeBytes)
}

function scalarOf(challenge: Uint8Array): bigint {
  return challenge.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n)
}
