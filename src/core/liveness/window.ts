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
  /** So many beats are no normal ones that the rhythm between them is guessed. */
  | { readonly code: 'WINDOW_TOO_MANY_MARKED'; readonly marked: number; readonly allowed: number }

/** An interval, by the quarter second in which it ends. */
export interface BreathInterval {
  readonly rrTicks: number
  readonly isMarked: boolean
  /** Of its end in the quarter, 1..256: an end on the border belongs to the quarter before it. */
  readonly endTicks: number
}

/** Two longest beats may be missing at either end. */
const edgeTicksMax = 4096
/** Shorter than the shortest interval: no two of them end in one quarter. */
export const quarterTicks = ticksPerSecond / 4

/** What the bounds of a window depend on. `seconds` is the length of the codebook. */
export function breathLimits(seconds: number): {
  readonly unmarkedMin: number
  readonly markedMax: number
} {
  // Under half a beat a second there is nothing to see a breath of five seconds with; 8 marks in
  // 60 s as for a score (HRV-1).
  return { unmarkedMin: seconds / 2, markedMax: Math.floor((8 * seconds) / 60) }
}

/** Checks the window: one entry for each quarter second, with the interval that ends in it. */
export function breathQuarters(
  window: BreathWindow,
  seconds: number,
): Result<readonly (BreathInterval | undefined)[], BreathWindowError> {
  const { ticks, marks, firstOffsetTicks } = window
  const isShaped =
    marks.length === ticks.length &&
    ticks.every(isHeartInterval) &&
    Number.isSafeInteger(firstOffsetTicks) &&
    firstOffsetTicks >= 0
  if (!isShaped || ticks.length > 4 * seconds) return err({ code: 'WINDOW_MALFORMED' })
  const totalTicks = ticks.reduce((sum, rr) => sum + rr, firstOffsetTicks)
  const missing = seconds * ticksPerSecond - totalTicks
  if (firstOffsetTicks > edgeTicksMax || missing > edgeTicksMax || missing < 0) {
    return err({ code: 'WINDOW_GAPS' })
  }
  const { unmarkedMin: needed, markedMax: allowed } = breathLimits(seconds)
  const marked = marks.filter(Boolean).length
  const usable = ticks.length - marked
  if (usable < needed) return err({ code: 'WINDOW_TOO_FEW_BEATS', usable, needed })
  if (marked > allowed) return err({ code: 'WINDOW_TOO_MANY_MARKED', marked, allowed })

  const quarters = new Array<BreathInterval | undefined>(4 * seconds).fill(undefined)
  let at = firstOffsetTicks
  for (const [index, rrTicks] of ticks.entries()) {
    at += rrTicks
    const quarter = Math.floor((at - 1) / quarterTicks)
    const endTicks = at - quarter * quarterTicks
    quarters[quarter] = { rrTicks, isMarked: marks[index] === true, endTicks }
  }
  return ok(quarters)
}
