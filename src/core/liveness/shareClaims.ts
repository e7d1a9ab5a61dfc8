/**
 * When proofs of windows answer a challenge (LIVE-1, LIVE-6). Each shows that the asked codeword
 * fits its window better than every other of the book, and that its R² is at least the claim.
 *
 * For one and two windows the rule is `judge` of `evidence.ts`: the asked codewords have the
 * greatest sum of all choices just when each is the best in its own window. The rank of three
 * windows among the best 8 choices would take all of them in one circuit; the chain takes any two
 * of the three in its place, at a higher floor. Who does not know the draw has a chance of 1/256
 * for each pair, and the floors keep the whole challenge below 1 % (decision 0032).
 */

import { windowsMax } from './evidence.ts'
import { shortChallenge } from './rules.ts'

/** Claims come in steps, so that the chain learns no more of a body than that (PRIV-5). */
export const shareStepBp = 500

/** Windows of a challenge that can be proven; its answer needs two of them at most. */
export const provenWindowsMax = windowsMax

export interface ShareClaim {
  /** Of the challenge, from 0: it draws the codeword (LIVE-2). */
  readonly window: number
  /** R² at the asked codeword is at least so much, basis points. */
  readonly shareBp: number
}

const [oneWindowBp, twoWindowsBp] = shortChallenge.rule.meanBpMin

/** Mean R² of two windows when three were breathed, basis points. */
const twoOfThreeBp = 3000

/** Which windows answer together, from the fewest on, and the least mean of their claims. */
const answers: readonly { readonly windows: readonly number[]; readonly meanBpMin: number }[] = [
  { windows: [0], meanBpMin: oneWindowBp },
  { windows: [0, 1], meanBpMin: twoWindowsBp },
  { windows: [0, 2], meanBpMin: twoOfThreeBp },
  { windows: [1, 2], meanBpMin: twoOfThreeBp },
]

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

/** Whether just these windows, in order, are an answer. */
export function answersChallenge(claims: readonly ShareClaim[]): boolean {
  if (!claims.every(({ shareBp }) => isShareClaim(shareBp))) return false
  const sumBp = claims.reduce((sum, { shareBp }) => sum + shareBp, 0)
  return answers.some(
    ({ windows, meanBpMin }) =>
      windows.length === claims.length &&
      claims.every(({ window }, index) => window === windows[index]) &&
      sumBp >= claims.length * meanBpMin,
  )
}

/** The fewest of these windows that are an answer; undefined where none are. */
export function answerAmong<T extends ShareClaim>(claims: readonly T[]): readonly T[] | undefined {
  return answers
    .map(({ windows }) => claims.filter(({ window }) => windows.includes(window)))
    .find(answersChallenge)
}
