/**
 * Heart-rate variability for display: mean HR, RMSSD, SDNN, pNN50 (HRV-2).
 *
 * Works on any length up to `featureBeatsMax`, so that three minutes or a whole record can be
 * described too. Fixed point, rounded down; what the intervals do not support is undefined.
 */

import { assert } from '../base/assert.ts'
import { floorDivide, isqrt } from './integers.ts'
import { windowSums } from './sums.ts'
import { isPair, neighbours, ticksPerSecond, type RrWindow } from './window.ts'

/** Sums stay exact numbers: 8192² intervals squared of 2048 ticks are below 2^53. */
const featureBeatsMax = 8192
/** A difference above 50 ms, which is 51.2 ticks. */
const nn50Ticks = 52

export interface Features {
  readonly beatCount: number
  readonly markedCount: number
  /** 0.01 bpm. */
  readonly meanHrCentiBpm: number | undefined
  /** 0.01 ms. */
  readonly rmssdCentiMs: number | undefined
  /** 0.01 ms, ddof 1. */
  readonly sdnnCentiMs: number | undefined
  /** Share of the pairs, in basis points. */
  readonly pnn50Bp: number | undefined
}

export function describeWindow(window: Pick<RrWindow, 'ticks' | 'marks'>): Features {
  const { ticks, marks } = window
  assert(ticks.length === marks.length, 'one mark for each interval')
  assert(ticks.length <= featureBeatsMax, 'more intervals than the sums are exact for')
  const sums = windowSums(window)
  const { unmarkedCount, unmarkedTicks, unmarkedSquares, pairCount, pairSquares } = sums
  const spread = unmarkedCount * unmarkedSquares - unmarkedTicks * unmarkedTicks
  const freedom = unmarkedCount * (unmarkedCount - 1)
  return {
    beatCount: ticks.length,
    markedCount: ticks.length - unmarkedCount,
    meanHrCentiBpm: unmarkedCount > 0 ? meanHrCentiBpm(unmarkedCount, unmarkedTicks) : undefined,
    rmssdCentiMs: pairCount > 0 ? rootCentiMs(pairSquares, pairCount) : undefined,
    sdnnCentiMs: freedom > 0 ? rootCentiMs(spread, freedom) : undefined,
    pnn50Bp: pairCount > 0 ? floorDivide(10_000 * nn50Count(window), pairCount) : undefined,
  }
}

/** Mean heart rate of `count` intervals that last `ticks` together, in 0.01 bpm. */
export function meanHrCentiBpm(count: number, ticks: number): number {
  return floorDivide(100 * 60 * ticksPerSecond * count, ticks)
}

/** √(numerator / divisor) of square ticks, in 0.01 ms. */
function rootCentiMs(numerator: number, divisor: number): number {
  const centiMsPerSecond = 100_000n
  const scaled = BigInt(numerator) * centiMsPerSecond * centiMsPerSecond
  return Number(isqrt(scaled / (BigInt(divisor) * BigInt(ticksPerSecond * ticksPerSecond))))
}

function nn50Count({ ticks, marks }: Pick<RrWindow, 'ticks' | 'marks'>): number {
  let count = 0
  for (const [index, [left, right]] of neighbours(ticks).entries()) {
    if (isPair(marks, index) && Math.abs(right - left) >= nn50Ticks) count += 1
  }
  return count
}
