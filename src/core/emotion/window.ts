/**
 * The window that a score is computed from: raw intervals in ticks of 1/1024 s with marks (HRV-1).
 *
 * The bounds here are those of the circuit; a window that passes `checkWindow` satisfies clauses 1
 * and 3 of `emotional_proof`, and no other window does.
 */

import { err, ok, type Result } from '../base/result.ts'

export const ticksPerSecond = 1024
/** 60 s. */
export const windowTicks = 61_440
/** 300 ms and 2000 ms, rounded into the range. */
export const rrTicksMin = 308
export const rrTicksMax = 2048
/** Offset of the first interval, and what may be missing at the end: one longest beat. */
export const edgeTicksMax = 2048
/** Slots of the circuit. 128 beats in 60 s is above the 125 bpm that QUAL-1 refuses. */
export const beatsMax = 128
/** Chain parameter k†, built into the circuit. */
export const marksMax = 8
/** HRV-3: jumps, in basis points of the neighbouring intervals. */
export const jumpShareBpMax = 1500

export interface RrWindow {
  /** Intervals in 1/1024 s, oldest first. */
  readonly ticks: readonly number[]
  /** True for an interval that is no normal beat; as long as `ticks`. */
  readonly marks: readonly boolean[]
  /** From the start of the window to the start of the first interval, in ticks. */
  readonly firstOffsetTicks: number
}

export type WindowError =
  /** No interval, more than `beatsMax`, or marks that do not match the intervals. */
  | { readonly code: 'WINDOW_LENGTH'; readonly beatCount: number }
  /** An interval outside 300..2000 ms. */
  | { readonly code: 'WINDOW_INTERVAL'; readonly index: number }
  /** Intervals do not fill the 60 s to within one beat. */
  | { readonly code: 'WINDOW_COVERAGE'; readonly endTicks: number }
  | { readonly code: 'WINDOW_MARKS'; readonly markedCount: number }
  /** A pair of unmarked neighbours whose longer one exceeds 3/2 of the shorter. */
  | { readonly code: 'WINDOW_PAIR'; readonly index: number }
  /** Too many neighbours jump (HRV-3): the rhythm is irregular, and its score would say nothing. */
  | { readonly code: 'WINDOW_IRREGULAR'; readonly jumpCount: number }

/** Clauses 1 and 3 of the statement, bound by bound. */
export function checkWindow(window: RrWindow): Result<RrWindow, WindowError> {
  const { ticks, marks, firstOffsetTicks } = window
  const beatCount = ticks.length
  if (beatCount < 1 || beatCount > beatsMax || marks.length !== beatCount) {
    return err({ code: 'WINDOW_LENGTH', beatCount })
  }
  const badInterval = ticks.findIndex((rr) => !isHeartInterval(rr))
  if (badInterval >= 0) return err({ code: 'WINDOW_INTERVAL', index: badInterval })

  const endTicks = ticks.reduce((sum, rr) => sum + rr, firstOffsetTicks)
  if (!isEdge(firstOffsetTicks) || !isEdge(windowTicks - endTicks)) {
    return err({ code: 'WINDOW_COVERAGE', endTicks })
  }
  const markedCount = marks.filter(Boolean).length
  if (markedCount > marksMax) return err({ code: 'WINDOW_MARKS', markedCount })

  for (const [index, pair] of neighbours(ticks).entries()) {
    if (isPair(marks, index) && !withinPairBound(pair)) return err({ code: 'WINDOW_PAIR', index })
  }
  if (isIrregular(ticks)) {
    return err({ code: 'WINDOW_IRREGULAR', jumpCount: jumpsOf(ticks).filter(Boolean).length })
  }
  return ok(window)
}

export function isHeartInterval(rrTicks: number): boolean {
  return Number.isInteger(rrTicks) && rrTicks >= rrTicksMin && rrTicks <= rrTicksMax
}

/** The longer of a pair is at most 3/2 of the shorter. */
export function withinPairBound([left, right]: readonly [number, number]): boolean {
  return 2 * right <= 3 * left && 2 * left <= 3 * right
}

/** HRV-3: two intervals that differ by more than a fifth of their mean. */
export function isJump([left, right]: readonly [number, number]): boolean {
  return 10 * Math.abs(right - left) > left + right
}

/** Whether each interval jumps to its successor, marked or not; one fewer than `ticks`. */
export function jumpsOf(ticks: readonly number[]): readonly boolean[] {
  return neighbours(ticks).map(isJump)
}

/** HRV-3: bigeminy and fibrillation look like excellent RMSSD; marks hide no jump. */
export function isIrregular(ticks: readonly number[]): boolean {
  const jumpCount = jumpsOf(ticks).filter(Boolean).length
  return 10_000 * jumpCount > jumpShareBpMax * (ticks.length - 1)
}

/** Whether intervals `index` and `index + 1` are both unmarked. */
export function isPair(marks: readonly boolean[], index: number): boolean {
  return marks[index] === false && marks[index + 1] === false
}

/** Each interval with its successor. */
export function neighbours(ticks: readonly number[]): readonly (readonly [number, number])[] {
  return ticks.slice(1).map((right, index) => [ticks[index] ?? 0, right] as const)
}

function isEdge(ticks: number): boolean {
  return Number.isInteger(ticks) && ticks >= 0 && ticks <= edgeTicksMax
}
