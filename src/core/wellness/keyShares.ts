/**
 * The key of sums (PRIV-2), which no minority of its holders has: every dealer hands each holder a
 * value of a polynomial with commitments to its coefficients (Shamir 1979; Feldman, FOCS 1987), and
 * what the dealers dealt is added up. A dealer that commits to a number it does not know cannot
 * give `threshold` honest holders values that fit.
 */
import { assert } from '../base/assert.ts'
import { u32be } from '../base/bytes.ts'
import { err, ok, type Result } from '../base/result.ts'
import type { WellnessError } from './errors.ts'
import { generator, groupOrder, identity, scalars, times, type WellnessPoint } from './group.ts'
import { SeedStream, wellnessHash } from './seedStream.ts'

/** To the coefficients, the constant one first; as many as holders are needed to decrypt. */
export type KeyCommitments = readonly WellnessPoint[]

export interface KeyDeal {
  readonly commitments: KeyCommitments
  /** For the holders at the places 1, 2, …: each is sent to its holder alone, encrypted. */
  readonly shares: readonly bigint[]
}

export function dealKey(threshold: number, holders: number, seed: Uint8Array): KeyDeal {
  assert(threshold >= 1 && threshold <= holders, 'a threshold is 1 … holders')
  const coefficients = Array.from({ length: threshold }, (_, index) => {
    const own = wellnessHash('coefficient', u32be(index), seed)
    return new SeedStream('coefficient', own).below(groupOrder)
  })
  return {
    commitments: coefficients.map((coefficient) => times(generator, coefficient)),
    shares: Array.from({ length: holders }, (_, index) => valueAt(coefficients, index + 1)),
  }
}

/** The value at `place`, in the exponent: against it partial decryptions are checked. */
export function publicShare(commitments: KeyCommitments, place: number): WellnessPoint {
  const at = BigInt(place)
  return commitments.reduceRight((sum, commitment) => times(sum, at).add(commitment), identity)
}

/** What a holder checks of every deal, before it says that it has it. */
export function checkKeyShare(
  commitments: KeyCommitments,
  place: number,
  share: bigint,
): Result<undefined, WellnessError> {
  const isRight = times(generator, share).equals(publicShare(commitments, place))
  return isRight ? ok(undefined) : err({ code: 'WELLNESS_KEY_SHARE_WRONG', place })
}

/** Of one length: the deals of the dealers that nobody complained of. */
export function addCommitments(deals: readonly KeyCommitments[]): KeyCommitments {
  const [first, ...others] = deals
  assert(first !== undefined, 'there is a deal')
  assert(
    others.every(({ length }) => length === first.length),
    'deals of one key have one threshold',
  )
  return first.map((commitment, index) =>
    others.reduce((sum, deal) => sum.add(deal[index] ?? identity), commitment),
  )
}

export function addKeyShares(shares: readonly bigint[]): bigint {
  return shares.reduce((sum, share) => scalars.add(sum, share), 0n)
}

/** What people encrypt to. */
export function wellnessKey(commitments: KeyCommitments): WellnessPoint {
  return commitments[0] ?? identity
}

function valueAt(coefficients: readonly bigint[], place: number): bigint {
  const at = BigInt(place)
  return coefficients.reduceRight(
    (sum, coefficient) => scalars.add(scalars.multiply(sum, at), coefficient),
    0n,
  )
}
