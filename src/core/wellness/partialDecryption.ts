/**
 * One holder's part of a decryption, with the proof that it used its share (PRIV-2): Chaum and
 * Pedersen (CRYPTO 1992), made non-interactive over everything the statement names.
 */
import { concat, u32be } from '../base/bytes.ts'
import { err, ok, type Result } from '../base/result.ts'
import type { WellnessError } from './errors.ts'
import {
  decodePoint,
  decodeScalar,
  encodeScalar,
  generator,
  groupOrder,
  pointBytes,
  scalarBytes,
  scalars,
  times,
  type WellnessPoint,
} from './group.ts'
import { publicShare, type KeyCommitments } from './keyShares.ts'
import { SeedStream, wellnessHash } from './seedStream.ts'
import type { EncryptedSum } from './sumShares.ts'

/** Point, challenge and response. */
const challengeBytes = 16
export const partialBytes = pointBytes + challengeBytes + scalarBytes

/** What a right partial decryption gives. */
export interface Partial {
  /** From 1 on. */
  readonly place: number
  /** share · first. */
  readonly point: WellnessPoint
}

/** `share`: the holder's own. Its public share stands in the proof. */
export function decryptPartially(sum: EncryptedSum, place: number, share: bigint): Uint8Array {
  const point = times(sum.first, share)
  const statement = statementOf(sum, place, times(generator, share), point)
  // From the share and the statement, so that no two proofs ever have one nonce (RFC 6979).
  const secret = wellnessHash('partial', encodeScalar(share), statement)
  const nonce = new SeedStream('partial', secret).below(groupOrder)
  const challenge = challengeOf(statement, times(generator, nonce), times(sum.first, nonce))
  const response = scalars.subtract(nonce, scalars.multiply(scalarOf(challenge), share))
  return concat(point.toBytes(), challenge, encodeScalar(response))
}

export function verifyPartial(
  sum: EncryptedSum,
  place: number,
  commitments: KeyCommitments,
  bytes: Uint8Array,
): Result<Partial, WellnessError> {
  const wrong = err({ code: 'WELLNESS_PARTIAL_WRONG', place })
  if (bytes.length !== partialBytes) return wrong
  const point = decodePoint(bytes.subarray(0, pointBytes))
  const challenge = bytes.slice(pointBytes, pointBytes + challengeBytes)
  const response = decodeScalar(bytes.subarray(pointBytes + challengeBytes))
  if (point === undefined || response === undefined) return wrong
  const own = publicShare(commitments, place)
  const factor = scalarOf(challenge)
  const again = challengeOf(
    statementOf(sum, place, own, point),
    times(generator, response).add(times(own, factor)),
    times(sum.first, response).add(times(point, factor)),
  )
  const isRight = again.every((byte, index) => byte === challenge[index])
  return isRight ? ok({ place, point }) : wrong
}

function statementOf(
  sum: EncryptedSum,
  place: number,
  own: WellnessPoint,
  point: WellnessPoint,
): Uint8Array {
  return concat(
    u32be(sum.people),
    sum.first.toBytes(),
    sum.second.toBytes(),
    u32be(place),
    own.toBytes(),
    point.toBytes(),
  )
}

function challengeOf(
  statement: Uint8Array,
  first: WellnessPoint,
  second: WellnessPoint,
): Uint8Array {
  const digest = wellnessHash('challenge', statement, first.toBytes(), second.toBytes())
  return digest.slice(0, challengeBytes)
}

function scalarOf(challenge: Uint8Array): bigint {
  return challenge.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n)
}
