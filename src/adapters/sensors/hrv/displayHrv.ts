/**
 * Heart-rate variability in floating point, for display alone (HRV-2): what the score and the proof
 * use are the integers of `src/core/emotion`, which agree with these to their last digit.
 *
 * Conventions: SDNN with ddof 1; RMSSD and pNN50 over neighbours of which neither is marked; LF
 * 0.04..0.15 Hz and HF 0.15..0.40 Hz of the tachogram by Welch's method with 256 s segments (Task
 * Force of ESC and NASPE, Circulation 93, 1996). What the record does not support is undefined.
 */

import { respirationOf, type Respiration } from './respiration.ts'
import { tachogram, tachogramHz } from './tachogram.ts'
import { bandPower, welchDensity } from './welch.ts'

export interface DisplayHrv {
  readonly beatCount: number
  readonly markedCount: number
  readonly durationMs: number
  readonly meanRrMs: number | undefined
  readonly hrBpm: number | undefined
  readonly rmssdMs: number | undefined
  readonly sdnnMs: number | undefined
  /** Percent of the pairs. */
  readonly pnn50: number | undefined
  readonly lfMs2: number | undefined
  readonly hfMs2: number | undefined
  readonly lfHf: number | undefined
  readonly respiration: Respiration | undefined
}

/** LF/HF from 60 s on, less the two ends that lie between beats. */
const spectrumMsMin = 57_000
const segmentSeconds = 256
const nn50Ms = 50

/** Intervals in milliseconds, oldest first, with a mark for each that is no normal beat. */
export function displayHrv(rrMs: readonly number[], marks: readonly boolean[]): DisplayHrv {
  const normal = rrMs.filter((_, index) => marks[index] !== true)
  const durationMs = rrMs.reduce((sum, rr) => sum + rr, 0)
  const steps: number[] = []
  for (let index = 1; index < rrMs.length; index += 1) {
    if (marks[index] === true || marks[index - 1] === true) continue
    steps.push((rrMs[index] ?? 0) - (rrMs[index - 1] ?? 0))
  }
  const meanRrMs = meanOf(normal)
  const squares = meanOf(steps.map((step) => step * step))
  const nn50 = meanOf(steps.map((step) => (Math.abs(step) > nn50Ms ? 100 : 0)))
  return {
    beatCount: rrMs.length,
    markedCount: rrMs.length - normal.length,
    durationMs,
    meanRrMs,
    hrBpm: meanRrMs === undefined ? undefined : 60_000 / meanRrMs,
    rmssdMs: squares === undefined ? undefined : Math.sqrt(squares),
    sdnnMs: deviationOf(normal, meanRrMs),
    pnn50: nn50,
    ...spectrumOf(rrMs, marks, durationMs),
    respiration: respirationOf(rrMs, marks),
  }
}

function spectrumOf(
  rrMs: readonly number[],
  marks: readonly boolean[],
  durationMs: number,
): Pick<DisplayHrv, 'lfMs2' | 'hfMs2' | 'lfHf'> {
  const signal = durationMs < spectrumMsMin ? undefined : tachogram(rrMs, marks)
  if (signal === undefined) return { lfMs2: undefined, hfMs2: undefined, lfHf: undefined }
  const density = welchDensity(signal, tachogramHz, segmentSeconds, 0.4)
  const lfMs2 = bandPower(density, 0.04, 0.15)
  const hfMs2 = bandPower(density, 0.15, 0.4)
  return { lfMs2, hfMs2, lfHf: hfMs2 > 0 ? lfMs2 / hfMs2 : undefined }
}

function meanOf(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function deviationOf(values: readonly number[], mean: number | undefined): number | undefined {
  if (mean === undefined || values.length < 2) return undefined
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return Math.sqrt(squares / (values.length - 1))
}
