/**
 * The pulse in a stretch of skin colour: every method is tried, the best signal-to-noise ratio wins
 * (SENS-2). A face is read by POS and CHROM; a finger on the lens, lit from behind, by one channel.
 */

import { bandPass } from './bandPass.ts'
import { chrom } from './chrom.ts'
import { pos } from './pos.ts'
import { resample, type RgbSample, type RgbSeries } from './rgbTrace.ts'
import { pulseSpectrum } from './spectrum.ts'

export type PulseMethod = 'pos' | 'chrom' | 'red' | 'green' | 'blue'

export const faceMethods: readonly PulseMethod[] = ['pos', 'chrom']
export const fingerMethods: readonly PulseMethod[] = ['red', 'green', 'blue']

const bandLowHz = 0.7
const bandHighHz = 3
/**
 * The band then follows the rate found. It keeps the second harmonic, which holds the steep rise of
 * a beat: without it beats of real recordings are placed half as well again.
 */
const followLow = 0.6
const followHigh = 3
const followHighHz = 4

export interface PulseEstimate {
  readonly method: PulseMethod
  readonly rateHz: number
  readonly snrDb: number
  readonly startMs: number
  readonly sampleRateHz: number
  /** Band-passed, rising with blood volume. */
  readonly signal: Float64Array
  /** The same before its band-pass: it has the whole shape of a beat. */
  readonly raw: Float64Array
}

/**
 * `keep` stays unless another method is clearly better: a change of method moves the beats a
 * little.
 */
export function estimatePulse(
  samples: readonly RgbSample[],
  methods: readonly PulseMethod[],
  keep?: PulseMethod,
): PulseEstimate | undefined {
  const series = resample(samples)
  let best: PulseEstimate | undefined
  let bestDb = -Infinity
  for (const method of methods) {
    const estimate = estimateBy(method, series)
    const scoreDb = estimate.snrDb + (method === keep ? 2 : 0)
    if (scoreDb <= bestDb) continue
    best = estimate
    bestDb = scoreDb
  }
  return best
}

function estimateBy(method: PulseMethod, series: RgbSeries): PulseEstimate {
  const { startMs, sampleRateHz } = series
  const raw = rawPulse(method, series)
  const wide = bandPass(raw, sampleRateHz, bandLowHz, bandHighHz)
  const { rateHz, snrDb } = pulseSpectrum(wide, sampleRateHz)
  const lowHz = Math.max(bandLowHz, followLow * rateHz)
  const highHz = Math.min(followHighHz, followHigh * rateHz)
  const signal = bandPass(raw, sampleRateHz, lowHz, highHz)
  return { method, rateHz, snrDb, startMs, sampleRateHz, signal, raw }
}

function rawPulse(method: PulseMethod, series: RgbSeries): Float64Array {
  switch (method) {
    case 'pos':
      return pos(series)
    case 'chrom':
      return chrom(series)
    // Blood absorbs: light falls while its volume rises.
    case 'red':
      return series.r.map((value) => -value)
    case 'green':
      return series.g.map((value) => -value)
    case 'blue':
      return series.b.map((value) => -value)
  }
}
