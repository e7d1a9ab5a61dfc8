/**
 * Chrominance: de Haan and Jeanne, "Robust pulse rate from chrominance-based rPPG", IEEE TBME 60
 * (2013). Windows of 1.6 s with half overlap under a Hann window, added.
 */

import { bandPass } from './bandPass.ts'
import type { RgbSeries } from './rgbTrace.ts'
import { deviation, mean } from './stats.ts'

const windowSeconds = 1.6
const lowHz = 0.5
const highHz = 4

export function chrom(series: RgbSeries): Float64Array {
  const { sampleRateHz } = series
  const length = series.r.length
  const half = Math.round((windowSeconds * sampleRateHz) / 2)
  const size = 2 * half
  const { x, y } = chrominance(series, size)
  const xBand = bandPass(x, sampleRateHz, lowHz, highHz)
  const yBand = bandPass(y, sampleRateHz, lowHz, highHz)
  const pulse = new Float64Array(length)
  // The first and last windows reach over the ends, so that every sample lies under two of them.
  for (let from = -half; from < length; from += half) {
    const start = Math.max(0, from)
    const end = Math.min(length, from + size)
    const spread = deviation(yBand, start, end)
    const alpha = spread > 0 ? deviation(xBand, start, end) / spread : 0
    for (let index = start; index < end; index += 1) {
      const weight = 0.5 - 0.5 * Math.cos((2 * Math.PI * (index - from)) / size)
      const value = (xBand[index] ?? 0) - alpha * (yBand[index] ?? 0)
      pulse[index] = (pulse[index] ?? 0) + weight * value
    }
  }
  return pulse
}

/** Colour normalised by its local mean, projected on the two chrominance axes. */
function chrominance(
  { r, g, b }: RgbSeries,
  size: number,
): { readonly x: Float64Array; readonly y: Float64Array } {
  const x = new Float64Array(r.length)
  const y = new Float64Array(r.length)
  for (let index = 0; index < r.length; index += 1) {
    const from = Math.max(0, index - size)
    const to = Math.min(r.length, index + size)
    const red = (r[index] ?? 0) / Math.max(mean(r, from, to), 1e-3)
    const green = (g[index] ?? 0) / Math.max(mean(g, from, to), 1e-3)
    const blue = (b[index] ?? 0) / Math.max(mean(b, from, to), 1e-3)
    x[index] = 3 * red - 2 * green
    y[index] = 1.5 * red + green - 1.5 * blue
  }
  return { x, y }
}
