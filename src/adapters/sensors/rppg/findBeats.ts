/**
 * Beats in a band-passed pulse wave, placed between frames (SENS-2): where the wave rises most
 * steeply, which noise and slow drift move least (on real recordings less than the maximum or the
 * zero crossing).
 */

import type { PulseEstimate } from './estimatePulse.ts'

export interface PulseBeat {
  readonly timeMs: number
  /** How far noise may have moved it. */
  readonly uncertaintyMs: number
}

/** Two rises closer than this share of a period are one beat with a notch. */
const distanceShareMin = 0.55
/** A rise counts when it is this steep against the typical one. */
const steepnessShareMin = 0.3

export function findBeats(estimate: PulseEstimate): readonly PulseBeat[] {
  const { signal, sampleRateHz, rateHz, startMs, snrDb } = estimate
  const uncertaintyMs = (1000 / (2 * Math.PI * rateHz)) * 10 ** (-snrDb / 20)
  const slope = signal.map((_, index) => ((signal[index + 1] ?? 0) - (signal[index - 1] ?? 0)) / 2)
  // The first and last have one neighbour only.
  slope.fill(0, 0, 1)
  slope.fill(0, slope.length - 1)
  return maxima(slope, (distanceShareMin * sampleRateHz) / rateHz).map((index) => ({
    timeMs: startMs + (vertex(slope, index) * 1000) / sampleRateHz,
    uncertaintyMs,
  }))
}

/** Positions of maxima that are high enough and at least `distanceMin` samples apart, in order. */
function maxima(values: Float64Array, distanceMin: number): readonly number[] {
  const candidates: { readonly index: number; readonly value: number }[] = []
  for (let index = 1; index + 1 < values.length; index += 1) {
    const value = values[index] ?? 0
    const isMaximum = value > (values[index - 1] ?? 0) && value >= (values[index + 1] ?? 0)
    if (isMaximum && value > 0) candidates.push({ index, value })
  }
  candidates.sort((one, other) => other.value - one.value)
  const typical = candidates[Math.floor(candidates.length / 3)]?.value ?? 0
  const taken: number[] = []
  for (const { index, value } of candidates) {
    if (value < steepnessShareMin * typical) break
    if (taken.every((other) => Math.abs(other - index) >= distanceMin)) taken.push(index)
  }
  return taken.sort((one, other) => one - other)
}

/** The top of the parabola through a maximum and its neighbours, in samples, between frames. */
function vertex(values: Float64Array, index: number): number {
  const left = values[index - 1] ?? 0
  const centre = values[index] ?? 0
  const right = values[index + 1] ?? 0
  const curvature = left - 2 * centre + right
  return curvature < 0 ? index + (left - right) / (2 * curvature) : index
}
