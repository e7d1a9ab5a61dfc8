/**
 * Plane orthogonal to skin: Wang, den Brinker, Stuijk and de Haan, "Algorithmic principles of
 * remote PPG", IEEE TBME 64 (2017), algorithm 1. Windows of 1.6 s, added where they overlap.
 *
 * Deviation: the sign is turned so that the signal rises with blood volume, as that of `chrom.ts`
 * does.
 */

import type { RgbSeries } from './rgbTrace.ts'
import { deviation, mean } from './stats.ts'

const windowSeconds = 1.6

export function pos({ sampleRateHz, r, g, b }: RgbSeries): Float64Array {
  const length = r.length
  const size = Math.round(windowSeconds * sampleRateHz)
  const pulse = new Float64Array(length)
  const s1 = new Float64Array(size)
  const s2 = new Float64Array(size)
  for (let from = 0; from + size <= length; from += 1) {
    const to = from + size
    const meanR = mean(r, from, to)
    const meanG = mean(g, from, to)
    const meanB = mean(b, from, to)
    if (meanR <= 0 || meanG <= 0 || meanB <= 0) continue
    for (let index = 0; index < size; index += 1) {
      const red = (r[from + index] ?? 0) / meanR
      const green = (g[from + index] ?? 0) / meanG
      const blue = (b[from + index] ?? 0) / meanB
      s1[index] = green - blue
      s2[index] = green + blue - 2 * red
    }
    const spread = deviation(s2)
    const alpha = spread > 0 ? deviation(s1) / spread : 0
    const centre = mean(s1) + alpha * mean(s2)
    for (let index = 0; index < size; index += 1) {
      const value = (s1[index] ?? 0) + alpha * (s2[index] ?? 0) - centre
      pulse[from + index] = (pulse[from + index] ?? 0) - value
    }
  }
  return pulse
}
