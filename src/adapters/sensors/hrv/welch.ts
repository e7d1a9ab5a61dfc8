/**
 * Power spectral density by averaged periodograms (Welch, IEEE Trans. Audio Electroacoust. 15,
 * 1967): periodic Hann windows with half overlap, each freed of its mean, one-sided.
 */

export interface Density {
  /** Bin `k` is at `k · stepHz`. */
  readonly stepHz: number
  /** Unit of the signal squared, per hertz. */
  readonly power: Float64Array
}

/**
 * Segments are padded with zeros to this many times their length, or to the length of the signal if
 * that is more: a finer grid, the same area. The edges of a band lie between bins, and where next
 * to nothing is in LF half a bin is a hundredth of it. Beyond sixteen times a finer grid tells
 * nothing more, and a recording of a day would take hours.
 */
const padding = 4
const paddingMax = 16

/** `highestHz` is where the bins that anybody asks for end: the others are not computed. */
export function welchDensity(
  signal: Float64Array,
  sampleRateHz: number,
  segmentSeconds: number,
  highestHz: number,
): Density {
  const whole = Math.round(segmentSeconds * sampleRateHz)
  const size = Math.min(signal.length, whole)
  const padded = Math.min(paddingMax * whole, Math.max(padding * whole, signal.length))
  const stepHz = sampleRateHz / padded
  const bins = Math.floor(Math.min(sampleRateHz / 2, highestHz) / stepHz) + 1
  const window = Float64Array.from(
    { length: size },
    (_, index) => 0.5 - 0.5 * Math.cos((2 * Math.PI * index) / size),
  )
  const scale = 1 / (sampleRateHz * window.reduce((sum, value) => sum + value * value, 0))
  const power = new Float64Array(bins)
  const hop = size - Math.floor(size / 2)
  let segments = 0
  for (let from = 0; from + size <= signal.length; from += hop) {
    const part = signal.slice(from, from + size)
    const mean = part.reduce((sum, value) => sum + value, 0) / size
    const shaped = part.map((value, index) => (value - mean) * (window[index] ?? 0))
    for (let bin = 0; bin < bins; bin += 1) {
      const sides = bin === 0 ? 1 : 2
      const energy = energyAt(shaped, (bin * stepHz) / sampleRateHz)
      power[bin] = (power[bin] ?? 0) + sides * scale * energy
    }
    segments += 1
  }
  return { stepHz, power: power.map((value) => value / Math.max(1, segments)) }
}

/** |X(f)|² by Goertzel's recurrence; `frequency` in cycles a sample. */
function energyAt(signal: Float64Array, frequency: number): number {
  const factor = 2 * Math.cos(2 * Math.PI * frequency)
  let s1 = 0
  let s2 = 0
  for (const value of signal) {
    const s0 = value + factor * s1 - s2
    s2 = s1
    s1 = s0
  }
  return Math.max(0, s1 * s1 + s2 * s2 - factor * s1 * s2)
}

/** Area under the density by trapezoids over the bins from `lowHz` to `highHz`, both included. */
export function bandPower({ stepHz, power }: Density, lowHz: number, highHz: number): number {
  const [from, to] = binsBetween(stepHz, lowHz, highHz)
  let area = 0
  for (let bin = from; bin < to; bin += 1) {
    area += (((power[bin] ?? 0) + (power[bin + 1] ?? 0)) / 2) * stepHz
  }
  return area
}

/** First and last bin between two frequencies, both included. */
export function binsBetween(stepHz: number, lowHz: number, highHz: number): [number, number] {
  const slack = 1e-9
  return [Math.ceil(lowHz / stepHz - slack), Math.floor(highHz / stepHz + slack)]
}
