/**
 * Breathing rate from the intervals between beats (HRV-4): respiratory sinus arrhythmia is a wave
 * in the tachogram (Hirsch & Bishop, Am. J. Physiol. 241, 1981). Display only.
 *
 * Slower than 7.2 a minute it cannot be told from the waves of blood pressure around 0.1 Hz, and
 * faster than half the heart rate no interval follows it: outside there is no answer. A result
 * says what share of the band's power stands around its peak; noise has about a quarter there.
 */

import { tachogram, tachogramHz } from './tachogram.ts'
import { bandPower, binsBetween, welchDensity } from './welch.ts'

export interface Respiration {
  readonly breathsPerMinute: number
  /** 0..1: share of the power of the band within 0.03 Hz of the peak. */
  readonly confidence: number
}

const lowHz = 0.12
const highHz = 0.5
const lobeHz = 0.03
/** Below this a peak is one among several. */
const confidenceMin = 0.5
/** Ten slow breaths, and what the tachogram loses at its ends. */
export const spanMsMin = 45_000
const segmentSeconds = 60

export function respirationOf(
  rrMs: readonly number[],
  marks: readonly boolean[],
): Respiration | undefined {
  const spanMs = rrMs.reduce((sum, rr) => sum + rr, 0)
  if (spanMs < spanMsMin) return undefined
  const signal = tachogram(rrMs, marks)
  if (signal === undefined) return undefined
  return breathingIn(signal, (1000 * rrMs.length) / spanMs)
}

/** The breathing in an even signal that has a value for each beat of a heart at `meanHz`. */
export function breathingIn(signal: Float64Array, meanHz: number): Respiration | undefined {
  const topHz = Math.min(highHz, meanHz / 2)
  const density = welchDensity(signal, tachogramHz, segmentSeconds, topHz)
  const peakHz = peakBetween(density, lowHz, topHz)
  const total = bandPower(density, lowHz, topHz)
  if (peakHz === undefined || total <= 0) return undefined
  const near = bandPower(
    density,
    Math.max(lowHz, peakHz - lobeHz),
    Math.min(topHz, peakHz + lobeHz),
  )
  const confidence = near / total
  return confidence < confidenceMin ? undefined : { breathsPerMinute: 60 * peakHz, confidence }
}

/** The highest bin that is no slope of something outside the band. */
function peakBetween(
  { stepHz, power }: ReturnType<typeof welchDensity>,
  fromHz: number,
  toHz: number,
): number | undefined {
  const [from, to] = binsBetween(stepHz, fromHz, toHz)
  let best: number | undefined
  for (let bin = Math.max(1, from); bin <= to; bin += 1) {
    const value = power[bin] ?? 0
    const isPeak = value > (power[bin - 1] ?? 0) && value >= (power[bin + 1] ?? 0)
    if (isPeak && value > (best === undefined ? 0 : (power[best] ?? 0))) best = bin
  }
  return best === undefined ? undefined : best * stepHz
}
