/**
 * The verdict on a breathing challenge from up to three windows (LIVE-1, LIVE-7).
 *
 * The codewords asked are compared with every other choice that the draw could have made: the sum
 * of R² over the windows, asked against all of the K, K² or K³ choices. A heart that did not know
 * the draw, whatever it does, is as likely to fit any choice best as any other; so it is among
 * the best m of K^n with a chance of m / K^n at most, and this holds for every heart, recording and
 * machine. A floor of R² comes on top, because K choices alone are few for one window.
 *
 * There is no verdict "attacker": who gives no clear answer is inconclusive.
 */

import { assert } from '../base/assert.ts'

export const windowsMax = 3

export interface WindowAnswer {
  /** Index of the codeword that was asked. */
  readonly asked: number
  /** R² of each codeword of the book, basis points (`responseOf`). */
  readonly sharesBp: readonly number[]
}

export interface EvidenceRule {
  /** The mean R² of the asked codewords, after one, two and three windows. */
  readonly meanBpMin: readonly [number, number, number]
  /** How many choices may fit as well, the asked one among them. */
  readonly rankMax: readonly [number, number, number]
}

export type Verdict =
  | { readonly verdict: 'answered' }
  | {
      readonly verdict: 'inconclusive'
      readonly reason: 'WEAK_RESPONSE' | 'OTHER_RHYTHM'
      readonly windowsLeft: number
    }

/** After each window, with all windows of the challenge so far. */
export function judge(windows: readonly WindowAnswer[], rule: EvidenceRule): Verdict {
  const count = windows.length
  assert(count > 0 && count <= windowsMax, 'a challenge has one to three windows')
  const windowsLeft = windowsMax - count
  const meanBpMin = rule.meanBpMin[count - 1] ?? Infinity
  const rankMax = rule.rankMax[count - 1] ?? 0
  const sumBp = windows.reduce((sum, window) => sum + askedBp(window), 0)
  if (sumBp >= meanBpMin * count && rankOf(windows, sumBp) <= rankMax) {
    return { verdict: 'answered' }
  }
  const isOther = windows.some((window) => followsAnother(window, rule))
  const reason = isOther ? 'OTHER_RHYTHM' : 'WEAK_RESPONSE'
  return { verdict: 'inconclusive', reason, windowsLeft }
}

/** How many choices of codewords reach `sumBp` in these windows: K^n at most, 32,768. */
export function rankOf(windows: readonly WindowAnswer[], sumBp: number): number {
  const [first, ...more] = windows
  if (first === undefined) return sumBp <= 0 ? 1 : 0
  return first.sharesBp.reduce((rank, share) => rank + rankOf(more, sumBp - share), 0)
}

function askedBp({ asked, sharesBp }: WindowAnswer): number {
  const share = sharesBp[asked]
  assert(share !== undefined, 'the asked codeword is one of the book')
  return share
}

/** A clear answer to something else: a person who followed another guide should hear that. */
function followsAnother(window: WindowAnswer, rule: EvidenceRule): boolean {
  const most = Math.max(...window.sharesBp)
  return most >= rule.meanBpMin[0] && most > askedBp(window)
}
