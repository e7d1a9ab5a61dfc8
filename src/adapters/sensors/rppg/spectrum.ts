/**
 * Pulse rate and signal-to-noise ratio from the power spectrum, after de Haan and Jeanne (2013):
 * power within 0.1 Hz of the rate and of its double, against the rest of the band.
 */

const gridHz = 0.02
const bandLowHz = 0.7
/** A heart rate of at most 180 per minute. */
const rateHighHz = 3
const bandHighHz = 4
const lobeHz = 0.1
const harmonicShareMin = 0.2

export interface PulseSpectrum {
  readonly rateHz: number
  readonly snrDb: number
}

export function pulseSpectrum(signal: Float64Array, sampleRateHz: number): PulseSpectrum {
  const bins = Math.round((bandHighHz - bandLowHz) / gridHz) + 1
  const windowed = hann(signal)
  const power = new Float64Array(bins)
  for (let bin = 0; bin < bins; bin += 1) {
    power[bin] = powerAt(windowed, (bandLowHz + bin * gridHz) / sampleRateHz)
  }
  let peak = 0
  for (let bin = 0; bandLowHz + bin * gridHz <= rateHighHz; bin += 1) {
    if ((power[bin] ?? 0) > (power[peak] ?? 0)) peak = bin
  }
  const peakHz = bandLowHz + peak * gridHz
  const total = power.reduce((sum, value) => sum + value, 0)
  const inside = pulsePower(power, peakHz)
  const insideHalf = isHarmonic(power, peakHz) ? pulsePower(power, peakHz / 2) : 0
  if (insideHalf > inside) return { rateHz: peakHz / 2, snrDb: ratioDb(insideHalf, total) }
  return { rateHz: peakHz, snrDb: ratioDb(inside, total) }
}

/** A slow, sharp pulse may have more power in its second harmonic than in its rate. */
function isHarmonic(power: Float64Array, peakHz: number): boolean {
  const atHalf = lobePower(power, peakHz / 2)
  return peakHz / 2 >= bandLowHz && atHalf > harmonicShareMin * lobePower(power, peakHz)
}

function pulsePower(power: Float64Array, rateHz: number): number {
  return lobePower(power, rateHz) + lobePower(power, 2 * rateHz)
}

function lobePower(power: Float64Array, centreHz: number): number {
  const from = Math.max(0, Math.round((centreHz - lobeHz - bandLowHz) / gridHz))
  const to = Math.round((centreHz + lobeHz - bandLowHz) / gridHz)
  return power.subarray(from, Math.max(from, to + 1)).reduce((sum, value) => sum + value, 0)
}

function ratioDb(inside: number, total: number): number {
  if (inside <= 0) return -60
  return 10 * Math.log10(inside / Math.max(total - inside, inside * 1e-6))
}

function hann(signal: Float64Array): Float64Array {
  return signal.map(
    (value, index) => value * (0.5 - 0.5 * Math.cos((2 * Math.PI * index) / (signal.length - 1))),
  )
}

/** Goertzel's recurrence: one bin of the Fourier transform, at any frequency. */
function powerAt(signal: Float64Array, cyclesPerSample: number): number {
  const factor = 2 * Math.cos(2 * Math.PI * cyclesPerSample)
  let s1 = 0
  let s2 = 0
  for (const value of signal) {
    const s0 = value + factor * s1 - s2
    s2 = s1
    s1 = s0
  }
  return s1 * s1 + s2 * s2 - factor * s1 * s2
}
