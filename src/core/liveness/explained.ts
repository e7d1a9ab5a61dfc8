/**
 * The share of the variance of the intervals that a codeword explains (LIVE-1): R² of a regression
 * on cosine and sine of the breath, after mean, line and parabola were taken out.
 *
 * Exact: the sums are integers, and the residual sums of squares are quotients of determinants of
 * their matrix. With P the trend, C the breath and y the intervals,
 *
 *     R² = 1 − |P C y|·|P| / (|P C|·|P y|),
 *
 * and elimination without fractions (Bareiss, Math. Comp. 22, 1968) gives all four in one pass.
 */

import { cosineOf, sineOf } from './cosine.ts'
import type { BreathSamples } from './window.ts'

/** Time in quarter seconds, so that its fourth powers add up exactly. */
const quarterTicks = 256
const trendCount = 3
const basisPoints = 10_000n

/** What does not depend on the codeword: trend, intervals, and the sums of their products. */
export interface Trend {
  /** Ones, times, squares of times. */
  readonly columns: readonly (readonly number[])[]
  /** Intervals less their middle, which changes no R² and keeps sums small. */
  readonly values: readonly number[]
  /** Upper half of the matrix of `columns`, row by row. */
  readonly products: readonly (readonly bigint[])[]
  readonly withValues: readonly bigint[]
  readonly valuesSquared: bigint
}

export function trendOf({ endTicks, rrTicks }: BreathSamples): Trend {
  const middleTicks = Math.floor(((endTicks[0] ?? 0) + (endTicks.at(-1) ?? 0)) / 2)
  const middleRr = Math.floor(rrTicks.reduce((sum, rr) => sum + rr, 0) / rrTicks.length)
  const times = endTicks.map((at) => Math.floor((at - middleTicks) / quarterTicks))
  const values = rrTicks.map((rr) => rr - middleRr)
  const columns = [times.map(() => 1), times, times.map((time) => time * time)]
  return {
    columns,
    values,
    products: columns.map((left, row) => columns.slice(row).map((right) => dot(left, right))),
    withValues: columns.map((column) => dot(column, values)),
    valuesSquared: dot(values, values),
  }
}

/** 0..10000, floored; `phases` has the step of the breath at each sample. */
export function explainedBp(trend: Trend, phases: readonly number[]): number {
  const cosines = phases.map(cosineOf)
  const sines = phases.map(sineOf)
  const { columns, values } = trend
  // The upper half of a symmetric matrix; row i begins at column i.
  const rows = [
    ...columns.map((column, row) => [
      ...(trend.products[row] ?? []),
      dot(column, cosines),
      dot(column, sines),
      trend.withValues[row] ?? 0n,
    ]),
    [dot(cosines, cosines), dot(cosines, sines), dot(cosines, values)],
    [dot(sines, sines), dot(sines, values)],
    [trend.valuesSquared],
  ]
  const last = rows.length - 1
  let pivot = 1n
  let trendOnly = 1n
  let trendAndValues = 0n
  for (let step = 0; step < last; step += 1) {
    if (step === trendCount) {
      trendOnly = pivot
      trendAndValues = rows[last]?.[0] ?? 0n
    }
    const next = rows[step]?.[0] ?? 0n
    // Columns that depend on each other: too few different beats to say anything.
    if (next === 0n) return 0
    eliminate(rows, step, pivot)
    pivot = next
  }
  const whole = pivot * trendAndValues
  if (whole === 0n) return 0
  return Number((basisPoints * (whole - (rows[last]?.[0] ?? 0n) * trendOnly)) / whole)
}

/** One step of Bareiss on the upper half: each division is exact. */
function eliminate(rows: bigint[][], step: number, divisor: bigint): void {
  const top = rows[step] ?? []
  const pivot = top[0] ?? 0n
  for (let row = step + 1; row < rows.length; row += 1) {
    const target = rows[row] ?? []
    const factor = top[row - step] ?? 0n
    for (let column = 0; column < target.length; column += 1) {
      const product = pivot * (target[column] ?? 0n) - factor * (top[row - step + column] ?? 0n)
      target[column] = product / divisor
    }
  }
}

/** Exact: at most 360 products below 2^43. */
function dot(left: readonly number[], right: readonly number[]): bigint {
  let sum = 0
  for (let index = 0; index < left.length; index += 1) {
    sum += (left[index] ?? 0) * (right[index] ?? 0)
  }
  return BigInt(sum)
}
