/**
 * A deal of the key of sums as it is sent (PRIV-2): commitments to a polynomial (Feldman, FOCS
 * 1987) and its values, each under a mask that its holder and the dealer alone know, by one
 * ephemeral key for all (hashed ElGamal). The beacon's own deals hand over elements; decryption
 * needs numbers.
 *
 * A holder that opens a number which does not fit says so with the mask's key and a proof that it
 * is that (Schindler, Judmayer, Stifter and Weippl, "EthDKG", IACR ePrint 2019/985): everybody
 * opens the same number and finds the dealer wrong, or the accuser. It gives away that one number.
 */
import { assert } from '../base/assert.ts'
import { concat, u32be } from '../base/bytes.ts'
import { err, ok, type Result } from '../base/result.ts'
import { equalityBytes, isEqual, proveEqual, type EqualLogarithms } from './equalLogarithms.ts'
import type { WellnessError } from './errors.ts'
import {
  decodePoint,
  decodeScalar,
  encodeScalar,
  generator,
  groupOrder,
  identity,
  pointBytes,
  scalarBytes,
  scalars,
  times,
  type WellnessPoint,
} from './group.ts'
import type { KeyHolders } from './keyHolders.ts'
import { checkKeyShare, dealKey, type KeyCommitments } from './keyShares.ts'
import { SeedStream, wellnessHash } from './seedStream.ts'

/** Which deal and which of its values: seat of the dealer, place of the holder from 1 on. */
export interface DealtTo {
  readonly dealer: number
  readonly place: number
}

/** Read from bytes: points of the subgroup, numbers below its order, counts as the holders say. */
export interface ShownDeal {
  readonly commitments: KeyCommitments
  readonly ephemeral: WellnessPoint
  readonly masked: readonly bigint[]
}

export function keyDealBytes({ keys, threshold }: KeyHolders): number {
  return (threshold + 1) * pointBytes + keys.length * scalarBytes
}

/** Key of the mask, and the proof that it is. */
export const accusationBytes = pointBytes + equalityBytes

/**
 * `seed`: 32 random bytes for this deal alone (RAND-1), from which everything else follows; dealt
 * again from the same seed it is the same deal.
 */
export function makeKeyDeal(holders: KeyHolders, dealer: number, seed: Uint8Array): Uint8Array {
  const { keys, threshold, digest } = holders
  const own = wellnessHash('deal', digest, u32be(dealer), seed)
  const { commitments, shares } = dealKey(threshold, keys.length, own)
  const secret = 1n + new SeedStream('ephemeral', own).below(groupOrder - 1n)
  const ephemeral = times(generator, secret)
  const masked = keys.map((key, index) => {
    const to = { dealer, place: index + 1 }
    const mask = maskOf(holders, ephemeral, to, times(key, secret))
    return encodeScalar(scalars.add(shares[index] ?? 0n, mask))
  })
  const points = [...commitments, ephemeral].map((point) => point.toBytes())
  return concat(...points, ...masked)
}

export function readKeyDeal(
  holders: KeyHolders,
  bytes: Uint8Array,
): Result<ShownDeal, WellnessError> {
  const malformed = err({ code: 'WELLNESS_DEAL_MALFORMED' })
  if (bytes.length !== keyDealBytes(holders)) return malformed
  const { threshold, keys } = holders
  const items = Array.from({ length: threshold + 1 + keys.length }, (_none, index) =>
    bytes.subarray(index * pointBytes, (index + 1) * pointBytes),
  )
  const points = items.slice(0, threshold + 1).flatMap((item) => decodePoint(item) ?? [])
  const masked = items.slice(threshold + 1).flatMap((item) => decodeScalar(item) ?? [])
  const ephemeral = points.at(-1)
  const isWhole = points.length === threshold + 1 && masked.length === keys.length
  if (!isWhole || ephemeral === undefined || ephemeral.equals(identity)) return malformed
  return ok({ commitments: points.slice(0, -1), ephemeral, masked })
}

/** `secret`: of the holder's key. `WELLNESS_KEY_SHARE_WRONG`: accuse the dealer. */
export function openKeyShare(
  holders: KeyHolders,
  deal: ShownDeal,
  to: DealtTo,
  secret: bigint,
): Result<bigint, WellnessError> {
  return unmasked(holders, deal, to, times(deal.ephemeral, secret))
}

export function accuseDealer(
  holders: KeyHolders,
  deal: ShownDeal,
  to: DealtTo,
  secret: bigint,
): Uint8Array {
  const shared = times(deal.ephemeral, secret)
  return concat(shared.toBytes(), proveEqual(equalityOf(holders, deal, to, shared), secret))
}

/**
 * ok: the dealer is wrong, and left out. `WELLNESS_ACCUSATION_MALFORMED`: it is not by that holder
 * of that deal. `WELLNESS_ACCUSATION_FALSE`: the number fits, so the holder accused falsely.
 */
export function judgeAccusation(
  holders: KeyHolders,
  deal: ShownDeal,
  to: DealtTo,
  bytes: Uint8Array,
): Result<undefined, WellnessError> {
  const malformed = err({ code: 'WELLNESS_ACCUSATION_MALFORMED' })
  const isPlace = Number.isSafeInteger(to.place) && to.place >= 1 && to.place <= holders.keys.length
  if (!isPlace || bytes.length !== accusationBytes) return malformed
  const shared = decodePoint(bytes.subarray(0, pointBytes))
  if (shared === undefined) return malformed
  const equal = equalityOf(holders, deal, to, shared)
  if (!isEqual(equal, bytes.subarray(pointBytes))) return malformed
  const opened = unmasked(holders, deal, to, shared)
  return opened.ok ? err({ code: 'WELLNESS_ACCUSATION_FALSE', place: to.place }) : ok(undefined)
}

function unmasked(
  holders: KeyHolders,
  deal: ShownDeal,
  to: DealtTo,
  shared: WellnessPoint,
): Result<bigint, WellnessError> {
  const masked = deal.masked[to.place - 1]
  assert(masked !== undefined, 'a holder has a place')
  const share = scalars.subtract(masked, maskOf(holders, deal.ephemeral, to, shared))
  const checked = checkKeyShare(deal.commitments, to.place, share)
  return checked.ok ? ok(share) : checked
}

/** One for each dealer, deal and place, whatever keys they have in common. */
function maskOf(
  { digest, keys }: KeyHolders,
  ephemeral: WellnessPoint,
  { dealer, place }: DealtTo,
  shared: WellnessPoint,
): bigint {
  const key = keys[place - 1] ?? identity
  const points = [ephemeral, key, shared].map((point) => point.toBytes())
  const seed = wellnessHash('mask', digest, u32be(dealer), u32be(place), ...points)
  return new SeedStream('mask', seed).below(groupOrder)
}

function equalityOf(
  { digest, keys }: KeyHolders,
  { ephemeral }: ShownDeal,
  { dealer, place }: DealtTo,
  shared: WellnessPoint,
): EqualLogarithms {
  const own = keys[place - 1] ?? identity
  const points = [ephemeral, own, shared].map((point) => point.toBytes())
  const statement = concat(digest, u32be(dealer), u32be(place), ...points)
  const tags = { nonce: 'accusation', challenge: 'accusationChallenge' } as const
  return { base: ephemeral, own, point: shared, statement, tags }
}
