/**
 * One holder's part of a decryption, with the proof that it used its share (PRIV-2). The proof is
 * over everything that the statement names.
 */
import { concat, u32be } from '../base/bytes.ts'
import { err, ok, type Result } from '../base/result.ts'
import { equalityBytes, isEqual, proveEqual, type EqualLogarithms } from './equalLogarithms.ts'
import type { WellnessError } from './errors.ts'
import { decodePoint, generator, pointBytes, times, type WellnessPoint } from './group.ts'
import { publicShare, type KeyCommitments } from './keyShares.ts'
import type { EncryptedSum } from './sumShares.ts'

/** Point and proof. */
export const partialBytes = pointBytes + equalityBytes

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
  const own = times(generator, share)
  return concat(point.toBytes(), proveEqual(equalityOf(sum, { place, own, point }), share))
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
  if (point === undefined) return wrong
  const own = publicShare(commitments, place)
  const equal = equalityOf(sum, { place, own, point })
  return isEqual(equal, bytes.subarray(pointBytes)) ? ok({ place, point }) : wrong
}

function equalityOf(
  sum: EncryptedSum,
  { place, own, point }: Partial & { readonly own: WellnessPoint },
): EqualLogarithms {
  const statement = concat(
    u32be(sum.people),
    sum.first.toBytes(),
    sum.second.toBytes(),
    u32be(place),
    own.toBytes(),
    point.toBytes(),
  )
  const tags = { nonce: 'partial', challenge: 'challenge' } as const
  return { base: sum.first, own, point, statement, tags }
}
