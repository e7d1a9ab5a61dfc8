/**
 * Samples of a contact sensor as the finger path takes them (SENS-2): light that falls while blood
 * volume rises. Sensors differ in sign; a pulse rises more steeply than it falls, and that tells.
 */

import { bandPass } from './bandPass.ts'
import type { RgbSample } from './rgbTrace.ts'

const lowHz = 0.5
const highHz = 8

export function contactSamples(samples: Float64Array, sampleRateHz: number): readonly RgbSample[] {
  const sign = risesSteeply(samples, sampleRateHz) ? -1 : 1
  return Array.from(samples, (value, index) => ({
    timeMs: (1000 * index) / sampleRateHz,
    r: sign * value,
    g: 0,
    b: 0,
  }))
}

/** The skewness of the slope is positive where rises are steeper than falls. */
function risesSteeply(samples: Float64Array, sampleRateHz: number): boolean {
  const wave = bandPass(samples, sampleRateHz, lowHz, Math.min(highHz, sampleRateHz / 3))
  let cubes = 0
  for (let index = 1; index < wave.length; index += 1) {
    cubes += ((wave[index] ?? 0) - (wave[index - 1] ?? 0)) ** 3
  }
  return cubes >= 0
}
