/**
 * The intervals of one window of the breathing challenge (LIVE-1): 60 or 90 s from the moment at
 * which the guide began its first breath, by the clock that timed the beats.
 */

import { err, ok, type Result } from '../base/result.ts'
import { isHeartInterval, ticksPerSecond } from '../emotion/window.ts'

export interface BreathWindow {
  /** Intervals in 1/1024 s, oldest first. */
  readonly ticks: readonly number[]
  /** True for an interval that is no normal beat; as long as `ticks`. */
  readonly marks: readonly boolean[]
  /** From the start of the window to the start of the first interval. */
  readonly firstOffsetTicks: number
}

export type BreathWindowError =
  /** Marks that do not match the intervals, an impossible interval, or an offset of no sense. */
  | { readonly code: 'WINDOW_MALFORMED' }
  /** Beats are missing at an end of the window. */
  | { readonly code: 'WINDOW_GAPS' }
  | { readonly code: 'WINDOW_TOO_FEW_BEATS'; readonly usable: number; readonly needed: number }

/** What the detector works on: the ends of the unmarked intervals and their lengths. */
export interface BreathSamples {
  readonly endTicks: readonly number[]
  readonly rrTicks: readonly number[]
}

/** Two longest beats may be missing at either end. */
const edgeTicksMax = 4096

/** Checks the window and drops its marked intervals. `seconds` is the length of the codebook. */
export function breathSamples(
  window: BreathWindow,
  seconds: number,
): Result<BreathSamples, BreathWindowError> {
  const { ticks, marks, firstOffsetTicks } = window
  const isShaped =
    marks.length === ticks.length &&
    ticks.every(isHeartInterval) &&
    Number.isSafeInteger(firstOffsetTicks) &&
    firstOffsetTicks >= 0
  if (!isShaped || ticks.length > 4 * seconds) return err({ code: 'WINDOW_MALFORMED' })
  const endTicks: number[] = []
  const rrTicks: number[] = []
  let at = firstOffsetTicks
  for (const [index, rr] of ticks.entries()) {
    at += rr
    if (marks[index] === true) continue
    endTicks.push(at)
    rrTicks.push(rr)
  }
  const missing = seconds * ticksPerSecond - at
  if (firstOffsetTicks > edgeTicksMax || missing > edgeTicksMax || missing < 0) {
    return err({ code: 'WINDOW_GAPS' })
  }
  // Under half a beat a second there is nothing to see a breath of five seconds with.
  const needed = seconds / 2
  if (rrTicks.length < needed) {
    return err({ code: 'WINDOW_TOO_FEW_BEATS', usable: rrTicks.length, needed })
  }
  return ok({ endTicks, rrTicks })
}
