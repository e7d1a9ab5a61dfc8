/**
 * The fitness score: a baseline-relative calm index in basis points (FIT-1).
 *
 * This routine is the specification of `circuits/lib/score.circom`, the implementation and the
 * oracle of the circuit's tests; all agree to the last bit (FIT-4). The formulas stand in
 * docs/spec/emotion.md under the same names.
 */

import { assert } from '../base/assert.ts'
import { isBaseline, type Baseline } from './baseline.ts'
import { meanHrCentiBpm } from './features.ts'
import { clampedQuotient, floorDivide } from './integers.ts'
import { lnSqrtQ16 } from './lnSqrt.ts'
import type { Provenance } from './provenance.ts'
import { windowSums, type WindowSums } from './sums.ts'
import type { RrWindow } from './window.ts'

/** All parts and the score itself in basis points, 0..10000; z in 1/10000 of a deviation. */
export interface Score {
  readonly scoreBp: number
  readonly calmBp: number
  readonly stabilityBp: number
  readonly coverageBp: number
  readonly hrZ: number
  readonly lnRmssdZ: number
}

/** z is clipped to −3..+1: being calmer than oneself earns little (FIT-1). */
const zLowBp = 30_000
const zSpanBp = 40_000
/** Relative drift at which stability is 0: 20 %. */
const driftBpMax = 2000

export function scoreWindow(
  window: Pick<RrWindow, 'ticks' | 'marks'>,
  baseline: Baseline,
  provenance: Provenance,
): Score {
  assert(isBaseline(baseline), 'the baseline lies within its bounds')
  const sums = windowSums(window)
  assert(sums.pairCount > 0, 'a window that passed the gate has a pair')

  const hrZ = zOf(baseline.restHrCentiBpm - windowHrCentiBpm(sums), baseline.hrSigmaCentiBpm)
  const lnRmssdZ = zOf(lnRmssdQ16(sums) - baseline.lnRmssdQ16, baseline.lnRmssdSigmaQ16)
  const calmBp = calm(provenance === 'camera' ? 2 * hrZ : hrZ + lnRmssdZ)
  const stabilityBp = stability(sums)
  const coverageBp = coverage(sums)
  const scoreBp = floorDivide(6 * calmBp + 3 * stabilityBp + coverageBp, 10)
  return { scoreBp, calmBp, stabilityBp, coverageBp, hrZ, lnRmssdZ }
}

export function windowHrCentiBpm({ unmarkedCount, unmarkedTicks }: WindowSums): number {
  return meanHrCentiBpm(unmarkedCount, unmarkedTicks)
}

/** 65536·ln of the RMSSD in 1/16 ticks: √256 = 16 keeps the logarithm of small RMSSD positive. */
export function lnRmssdQ16({ pairSquares, pairCount }: WindowSums): number {
  return lnSqrtQ16(1 + floorDivide(256 * pairSquares, pairCount))
}

export function coverage({ unmarkedTicks }: Pick<WindowSums, 'unmarkedTicks'>): number {
  return floorDivide(625 * unmarkedTicks, 3840)
}

function zOf(difference: number, sigma: number): number {
  return clampedQuotient(10_000 * difference + zLowBp * sigma, sigma, zSpanBp) - zLowBp
}

/** T of twice the mean z: three straight lines, the lowest counts. */
function calm(z2: number): number {
  return floorDivide(Math.min(7 * z2 + 420_000, 4 * z2 + 360_000, 2 * z2 + 360_000), 40)
}

/** 10000 less five times the relative drift of the least-squares line over the window. */
function stability(sums: WindowSums): number {
  const { beatCount, unmarkedCount, unmarkedTicks, indexSum, indexSquares, indexTicks } = sums
  const covariance = unmarkedCount * indexTicks - indexSum * unmarkedTicks
  const variance = unmarkedCount * indexSquares - indexSum * indexSum
  // Up to 2^58: beyond exact numbers.
  const numerator =
    10_000n * BigInt(Math.abs(covariance)) * BigInt(beatCount) * BigInt(unmarkedCount)
  const driftBp = numerator / (BigInt(variance) * BigInt(unmarkedTicks))
  return 10_000 - 5 * (driftBp > BigInt(driftBpMax) ? driftBpMax : Number(driftBp))
}
