/**
 * When a breathing challenge is answered (LIVE-1), for each codebook. Chances for a heart that
 * does not know the draw, K codewords:
 *
 * - one window: best of K, and a floor of R² that at most 8 % (16 % of the longer windows) of
 *   simulated unpaced windows reach with any codeword: 8 % / 16 = 16 % / 32 = 0.5 %;
 * - two: best of K² in their sum, and a floor that half of them reach: 0.2 % at most;
 * - three: among the best 8 of 16³, or 64 of 32³: 8 / 4096 = 64 / 32768 = 0.2 %.
 *
 * Less than 1 % for the whole challenge. The ranks hold for every heart; the floors are those of
 * simulated people, and recordings of real ones are measured against them, by species of attack
 * (LIVE-8, `npm run bench -- liveness`).
 */

import { codebook60, codebook90 } from './codebook.ts'
import type { Codebook } from './codeword.ts'
import type { EvidenceRule } from './evidence.ts'

export interface Challenge {
  readonly book: Codebook
  readonly rule: EvidenceRule
}

export const shortChallenge: Challenge = {
  book: codebook60,
  rule: { meanBpMin: [5000, 2500, 2000], rankMax: [1, 1, 8] },
}

/** For weak responders (LIVE-7): longer windows, more codewords. */
export const longChallenge: Challenge = {
  book: codebook90,
  rule: { meanBpMin: [3200, 1900, 1500], rankMax: [1, 1, 64] },
}
