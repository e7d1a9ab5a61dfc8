/**
 * The tachogram: intervals as a signal over time at an even rate, its straight trend removed.
 * Cubic spline at 4 Hz, as the Task Force of ESC and NASPE (1996) has it for spectra.
 */

import { cubicSpline } from './spline.ts'

export const tachogramHz = 4

/** A day, that a hostile file stays bounded. */
const samplesMax = 4 * 3600 * 24

/**
 * `rrMs` in milliseconds, where a marked interval is left out and only its time passes. Undefined
 * below four intervals.
 */
export function tachogram(
  rrMs: readonly number[],
  marks: readonly boolean[],
): Float64Array | undefined {
  const seconds: number[] = []
  const values: number[] = []
  let endMs = 0
  for (const [index, rr] of rrMs.entries()) {
    endMs += rr
    if (marks[index] === true) continue
    seconds.push(endMs / 1000)
    values.push(rr)
  }
  return evenly(seconds, values)
}

/**
 * Values at these times as an even signal of `tachogramHz` without its straight trend; undefined
 * below four of them.
 */
export function evenly(
  seconds: readonly number[],
  values: readonly number[],
): Float64Array | undefined {
  const curve = cubicSpline(seconds, values)
  const startSecond = seconds[0] ?? 0
  const length = Math.floor(((seconds.at(-1) ?? 0) - startSecond) * tachogramHz) + 1
  if (curve === undefined || length < 2 || length > samplesMax) return undefined
  const signal = Float64Array.from({ length }, (_, index) =>
    curve(startSecond + index / tachogramHz),
  )
  return withoutTrend(signal)
}

function withoutTrend(signal: Float64Array): Float64Array {
  const centre = (signal.length - 1) / 2
  const mean = signal.reduce((sum, value) => sum + value, 0) / signal.length
  let product = 0
  let square = 0
  for (const [index, value] of signal.entries()) {
    product += (index - centre) * (value - mean)
    square += (index - centre) ** 2
  }
  const slope = product / square
  return signal.map((value, index) => value - mean - slope * (index - centre))
}
