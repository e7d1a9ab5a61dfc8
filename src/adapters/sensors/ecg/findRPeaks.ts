/**
 * R peaks in an ECG of one lead: after Pan & Tompkins, "A real-time QRS detection algorithm", IEEE
 * TBME 32 (1985). Band-pass, slope, square, moving sum; a peak counts against thresholds that
 * follow signal and noise, and a missed beat is searched for with half the threshold.
 *
 * Deviations: the filter moves no phase (whole record at hand), and the time of a beat is the top
 * of the parabola through the largest deflection of the filtered signal, between samples.
 */

import { bandPass } from '../rppg/bandPass.ts'
import { likenessOf } from '../rppg/likeness.ts'

export interface RPeak {
  readonly timeMs: number
  /** Correlation of its shape with that of the typical beat, −1..1; undefined at the ends. */
  readonly likeness: number | undefined
}

const bandLowHz = 5
const bandHighHz = 18
const sumMs = 120
const refractoryMs = 250
/** Within 360 ms of a beat a peak of less than half its slope is the T wave. */
const tWaveMs = 360
const alignMs = 70
const shapeBeforeMs = 80
const shapeAfterMs = 120
/** Longer than this share of the recent interval: look again with half the threshold. */
const searchBackShare = 1.66

/** `startMs` is the time of the first sample. Below two seconds nothing is found. */
export function findRPeaks(
  samples: Float64Array,
  sampleRateHz: number,
  startMs = 0,
): readonly RPeak[] {
  if (samples.length < 2 * sampleRateHz) return []
  const filtered = bandPass(samples, sampleRateHz, bandLowHz, bandHighHz)
  const energy = slopeEnergy(filtered, sampleRateHz)
  const rough = pickBeats(energy, sampleRateHz)
  const sign = deflection(filtered, rough)
  const reach = Math.round((alignMs * sampleRateHz) / 1000)
  const tops = rough
    .map((index) => topNear(filtered, index, reach, sign))
    .filter((top, index, all) => index === 0 || top > (all[index - 1] ?? 0))
  const likeness = likenessOf(filtered, tops, {
    before: Math.round((shapeBeforeMs * sampleRateHz) / 1000),
    after: Math.round((shapeAfterMs * sampleRateHz) / 1000),
  })
  return tops.map((top, index) => ({
    timeMs: startMs + (1000 * top) / sampleRateHz,
    likeness: likeness[index],
  }))
}

function slopeEnergy(filtered: Float64Array, sampleRateHz: number): Float64Array {
  const squares = filtered.map(
    (_, index) => ((filtered[index + 1] ?? 0) - (filtered[index - 1] ?? 0)) ** 2,
  )
  squares.fill(0, 0, 1)
  squares.fill(0, squares.length - 1)
  const half = Math.max(1, Math.round((sumMs * sampleRateHz) / 2000))
  const energy = new Float64Array(squares.length)
  let sum = 0
  for (let index = -half; index < squares.length; index += 1) {
    sum += squares[index + half] ?? 0
    sum -= squares[index - half - 1] ?? 0
    if (index >= 0) energy[index] = Math.max(0, sum)
  }
  return energy
}

/** Indices of maxima of the energy that are beats. */
function pickBeats(energy: Float64Array, sampleRateHz: number): readonly number[] {
  const samples = (ms: number): number => Math.round((ms * sampleRateHz) / 1000)
  const candidates = localMaxima(energy, samples(refractoryMs))
  const sorted = candidates.map((index) => energy[index] ?? 0).sort((one, other) => one - other)
  let signal = sorted[Math.floor(0.75 * sorted.length)] ?? 0
  let noise = 0
  const beats: number[] = []
  const intervals: number[] = []
  for (const index of candidates) {
    const last = beats.at(-1)
    const usual = intervals.slice(-8).sort((one, other) => one - other)[
      Math.min(4, intervals.length >> 1)
    ]
    if (last !== undefined && usual !== undefined && index - last > searchBackShare * usual) {
      const missed = strongest(
        candidates.filter((at) => at > last + samples(tWaveMs) && at < index - samples(tWaveMs)),
        energy,
      )
      if (missed !== undefined && (energy[missed] ?? 0) > (noise + (signal - noise) / 4) / 2) {
        beats.push(missed)
        intervals.push(missed - last)
      }
    }
    const height = energy[index] ?? 0
    const before = beats.at(-1)
    const isTWave =
      before !== undefined &&
      index - before < samples(tWaveMs) &&
      2 * height < (energy[before] ?? 0)
    if (height > noise + (signal - noise) / 4 && !isTWave) {
      if (before !== undefined) intervals.push(index - before)
      beats.push(index)
      signal += (Math.min(height, 3 * signal) - signal) / 8
    } else noise += (height - noise) / 8
  }
  return beats
}

function strongest(indices: readonly number[], energy: Float64Array): number | undefined {
  let best: number | undefined
  for (const index of indices) {
    if (best === undefined || (energy[index] ?? 0) > (energy[best] ?? 0)) best = index
  }
  return best
}

/** Maxima in order of time, each the highest within `apart` samples. */
function localMaxima(values: Float64Array, apart: number): readonly number[] {
  const found: number[] = []
  for (let index = 1; index + 1 < values.length; index += 1) {
    const value = values[index] ?? 0
    if (value <= (values[index - 1] ?? 0) || value < (values[index + 1] ?? 0)) continue
    const last = found.at(-1)
    if (last === undefined || index - last > apart) found.push(index)
    else if (value > (values[last] ?? 0)) found[found.length - 1] = index
  }
  return found
}

/** +1 where most beats point up in this lead, −1 where they point down. */
function deflection(filtered: Float64Array, beats: readonly number[]): 1 | -1 {
  let up = 0
  for (const index of beats) {
    const near = filtered.subarray(Math.max(0, index - 12), index + 13)
    up += Math.max(...near) + Math.min(...near)
  }
  return up >= 0 ? 1 : -1
}

/** The top within `reach` samples, by the parabola through it, in samples. */
function topNear(filtered: Float64Array, index: number, reach: number, sign: 1 | -1): number {
  let best = index
  for (let at = Math.max(1, index - reach); at <= index + reach; at += 1) {
    if (sign * (filtered[at] ?? 0) > sign * (filtered[best] ?? 0)) best = at
  }
  const [left = 0, centre = 0, right = 0] = [filtered[best - 1], filtered[best], filtered[best + 1]]
  const curvature = sign * (left - 2 * centre + right)
  return curvature < 0 ? best + (sign * (left - right)) / (2 * curvature) : best
}
