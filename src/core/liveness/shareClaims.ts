/**
 * When proofs of windows answer a challenge (LIVE-1, LIVE-6). Each shows that the asked codeword
 * fits its window better than every other of the book, and that its R² is at least the claim.
 *
 * The rule is `judge` of `evidence.ts` for one and two windows: the asked codewords have the
 * greatest sum of all choices just when each is the best in its own window. Three windows have
 * no proof.
 */

import { shortChallenge } from './rules.ts'

/** Claims come in steps, so that the chain learns no more of a body than that (PRIV-5). */
export const shareStepBp = 500

/** Windows of a challenge that can be proven. */
export const provenWindowsMax = 2

const [oneWindowBp, twoWindowsBp] = shortChallenge.rule.meanBpMin

/** More is never asked for: the highest claim. */
export const shareClaimMax = oneWindowBp

/** Whether a proof may claim this R², in basis points. */
export function isShareClaim(shareBp: number): boolean {
  return Number.isInteger(shareBp / shareStepBp) && shareBp >= 0 && shareBp <= shareClaimMax
}

/** The greatest claim that a window of this R², 0..10000, supports. */
export function shareClaimOf(shareBp: number): number {
  return Math.min(shareClaimMax, shareBp - (shareBp % shareStepBp))
}

/** `claimsBp[w]` is the claim of window w = 0, 1 of one challenge, the first one first. */
export function answersChallenge(claimsBp: readonly number[]): boolean {
  if (!claimsBp.every(isShareClaim)) return false
  const sumBp = claimsBp.reduce((sum, claim) => sum + claim, 0)
  if (claimsBp.length === 1) return sumBp >= oneWindowBp
  return claimsBp.length === provenWindowsMax && sumBp >= provenWindowsMax * twoWindowsBp
}
