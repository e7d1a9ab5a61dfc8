/**
 * Zero-phase band-pass: Butterworth high-pass and low-pass of second order (the bilinear transform
 * of the RBJ cookbook), run forwards and backwards, so that no beat moves in time (SENS-2).
 */

interface Biquad {
  readonly b0: number
  readonly b1: number
  readonly b2: number
  readonly a1: number
  readonly a2: number
}

/**
 * Reflected at both ends by this many seconds, so that the filter has settled where the signal
 * begins.
 */
const paddingSeconds = 3

export function bandPass(
  signal: Float64Array,
  sampleRateHz: number,
  lowHz: number,
  highHz: number,
): Float64Array {
  const padding = Math.min(signal.length - 1, Math.round(paddingSeconds * sampleRateHz))
  if (padding < 1) return new Float64Array(signal.length)
  const padded = reflect(signal, padding)
  const filters = [biquad('high', lowHz / sampleRateHz), biquad('low', highHz / sampleRateHz)]
  for (const filter of filters) {
    run(filter, padded)
    padded.reverse()
    run(filter, padded)
    padded.reverse()
  }
  return padded.slice(padding, padding + signal.length)
}

/** Point reflection keeps value and slope continuous at the ends. */
function reflect(signal: Float64Array, padding: number): Float64Array {
  const padded = new Float64Array(signal.length + 2 * padding)
  padded.set(signal, padding)
  const first = signal[0] ?? 0
  const last = signal[signal.length - 1] ?? 0
  for (let offset = 1; offset <= padding; offset += 1) {
    padded[padding - offset] = 2 * first - (signal[offset] ?? 0)
    padded[padding + signal.length - 1 + offset] =
      2 * last - (signal[signal.length - 1 - offset] ?? 0)
  }
  return padded
}

function biquad(kind: 'low' | 'high', frequency: number): Biquad {
  const omega = 2 * Math.PI * frequency
  const alpha = Math.sin(omega) / Math.SQRT2
  const cosine = Math.cos(omega)
  const a0 = 1 + alpha
  const sign = kind === 'low' ? 1 : -1
  const edge = (1 - sign * cosine) / 2 / a0
  return {
    b0: edge,
    b1: 2 * sign * edge,
    b2: edge,
    a1: (-2 * cosine) / a0,
    a2: (1 - alpha) / a0,
  }
}

/** Direct form I, in place, started as if the first value had always been there. */
function run({ b0, b1, b2, a1, a2 }: Biquad, values: Float64Array): void {
  const first = values[0] ?? 0
  const settled = (first * (b0 + b1 + b2)) / (1 + a1 + a2)
  let x1 = first
  let x2 = first
  let y1 = settled
  let y2 = settled
  for (let index = 0; index < values.length; index += 1) {
    const x = values[index] ?? 0
    const y = b0 * x + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2
    x2 = x1
    x1 = x
    y2 = y1
    y1 = y
    values[index] = y
  }
}
