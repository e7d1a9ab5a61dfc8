/**
 * Mean colour of skin over time, and its even resampling by the frames' own timestamps (SENS-2).
 */

export interface RgbSample {
  /** The frame's own time. */
  readonly timeMs: number
  readonly r: number
  readonly g: number
  readonly b: number
}

/** Three colour channels at an even rate. */
export interface RgbSeries {
  readonly startMs: number
  readonly sampleRateHz: number
  readonly r: Float64Array
  readonly g: Float64Array
  readonly b: Float64Array
}

/** The rate at which everything below computes; cameras give about this. */
export const rppgRateHz = 30

/** Linear interpolation between frames; needs at least two of them, in order of time. */
export function resample(samples: readonly RgbSample[]): RgbSeries {
  const startMs = samples[0]?.timeMs ?? 0
  const endMs = samples.at(-1)?.timeMs ?? startMs
  const length = Math.max(0, Math.floor(((endMs - startMs) * rppgRateHz) / 1000) + 1)
  const series = {
    startMs,
    sampleRateHz: rppgRateHz,
    r: new Float64Array(length),
    g: new Float64Array(length),
    b: new Float64Array(length),
  }
  let before = 0
  for (let index = 0; index < length; index += 1) {
    const timeMs = startMs + (index * 1000) / rppgRateHz
    while ((samples[before + 1]?.timeMs ?? Infinity) < timeMs) before += 1
    const left = samples[before]
    const right = samples[before + 1] ?? left
    if (left === undefined || right === undefined) break
    const spanMs = right.timeMs - left.timeMs
    const share = spanMs > 0 ? (timeMs - left.timeMs) / spanMs : 0
    series.r[index] = left.r + (right.r - left.r) * share
    series.g[index] = left.g + (right.g - left.g) * share
    series.b[index] = left.b + (right.b - left.b) * share
  }
  return series
}

/** Frames a second, and the longest time without one. */
export function frameRate(samples: readonly RgbSample[]): {
  readonly framesPerSecond: number
  readonly gapMsMax: number
} {
  let gapMsMax = 0
  for (let index = 1; index < samples.length; index += 1) {
    const gapMs = (samples[index]?.timeMs ?? 0) - (samples[index - 1]?.timeMs ?? 0)
    gapMsMax = Math.max(gapMsMax, gapMs)
  }
  const spanMs = (samples.at(-1)?.timeMs ?? 0) - (samples[0]?.timeMs ?? 0)
  const framesPerSecond = spanMs > 0 ? ((samples.length - 1) * 1000) / spanMs : 0
  return { framesPerSecond, gapMsMax }
}
