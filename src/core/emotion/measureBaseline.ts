/**
 * Measures the baseline from the windows of a rest (FIT-2).
 *
 * The caller records three minutes and cuts a 60 s window each 30 s, which makes five; a devnet may
 * shorten the rest to one window, and then the deviations lie at their floors.
 */

import { err, ok, type Result } from '../base/result.ts'
import { baselineBounds, fieldOutOfBounds, type Baseline } from './baseline.ts'
import { clamp, floorDivide, isqrt } from './integers.ts'
import { checkQuality, type QualityReason } from './quality.ts'
import { restFigures, type RestFigures } from './restFigures.ts'
import type { RrWindow } from './window.ts'

/** Rest at enrolment, and the time between the starts of its windows. */
export const enrolmentMsDefault = 180_000
export const enrolmentStepMs = 30_000
/** Local limit: half an hour of rest. */
export const windowCountMax = 64

export type BaselineError =
  /** No window, or more than 64. */
  | { readonly code: 'BASELINE_WINDOWS'; readonly windowCount: number }
  /** A window of the rest does not pass the gate; `reasons` say what to change. */
  | {
      readonly code: 'BASELINE_QUALITY'
      readonly windowIndex: number
      readonly reasons: readonly QualityReason[]
    }
  /** The heart at rest lies outside what the proof accepts. */
  | { readonly code: 'BASELINE_RANGE'; readonly field: keyof Baseline; readonly value: number }

export function measureBaseline(windows: readonly RrWindow[]): Result<Baseline, BaselineError> {
  const windowCount = windows.length
  if (windowCount === 0 || windowCount > windowCountMax) {
    return err({ code: 'BASELINE_WINDOWS', windowCount })
  }
  for (const [windowIndex, window] of windows.entries()) {
    const { reasons } = checkQuality(window)
    if (reasons.length > 0) return err({ code: 'BASELINE_QUALITY', windowIndex, reasons })
  }

  return baselineOfFigures(windows.map(restFigures))
}

/** Of windows that passed the gate, whose beats may be gone: no more is kept of a rest. */
export function baselineOfFigures(
  figures: readonly RestFigures[],
): Result<Baseline, BaselineError> {
  const windowCount = figures.length
  if (windowCount === 0 || windowCount > windowCountMax) {
    return err({ code: 'BASELINE_WINDOWS', windowCount })
  }
  const rates = figures.map((one) => one.hrCentiBpm)
  const logs = figures.map((one) => one.lnRmssdQ16)
  const baseline: Baseline = {
    restHrCentiBpm: mean(rates),
    hrSigmaCentiBpm: clamp(deviation(rates), ...baselineBounds.hrSigmaCentiBpm),
    lnRmssdQ16: mean(logs),
    lnRmssdSigmaQ16: clamp(deviation(logs), ...baselineBounds.lnRmssdSigmaQ16),
  }
  const field = fieldOutOfBounds(baseline)
  if (field !== undefined) return err({ code: 'BASELINE_RANGE', field, value: baseline[field] })
  return ok(baseline)
}

function mean(values: readonly number[]): number {
  return floorDivide(sum(values), values.length)
}

/** Sample deviation (ddof 1), rounded down; 0 for a single value. */
function deviation(values: readonly number[]): number {
  const count = BigInt(values.length)
  if (count < 2n) return 0
  const total = BigInt(sum(values))
  const squares = values.reduce((squareSum, value) => squareSum + BigInt(value) * BigInt(value), 0n)
  return Number(isqrt((count * squares - total * total) / (count * (count - 1n))))
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
