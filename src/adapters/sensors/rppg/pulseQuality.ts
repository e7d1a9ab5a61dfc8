/**
 * Whether a pulse from the camera can be trusted, and if not, what the person can change (QUAL-1).
 *
 * The gate is where the recorded sets part: of 59 clips of real faces whose pulse compression has
 * destroyed, none is accepted; finger recordings that are agree with the strap beside them
 * (`npm run bench -- emotion`).
 */

import type { QualityReason } from '../../../ports/sensor.ts'
import type { PulseEstimate } from './estimatePulse.ts'
import type { PulseBeat } from './findBeats.ts'
import { frameRate, type RgbSample } from './rgbTrace.ts'

/** Below this signal-to-noise ratio over 20 s there is no pulse to speak of. */
export const snrDbMin = 3
const snrDbFull = 10
const framesPerSecondMin = 15
/** Longer than this between frames and a beat may have passed unseen. */
export const frameGapMsMax = 600
/** By beats and by spectrum the rate must be the same to within this share. */
const rateSpreadMax = 0.15
const darkLevel = 40
const brightLevel = 245
/** A pulse moves brightness by a percent or less; more is a head or a lamp. */
const brightnessSwingMax = 0.03

export interface PulseQuality {
  readonly quality: number
  readonly reason: QualityReason
  /** Beats may be used. */
  readonly isTrusted: boolean
  readonly bpm: number
  readonly framesPerSecond: number
}

export function pulseQuality(
  samples: readonly RgbSample[],
  estimate: PulseEstimate,
  beats: readonly PulseBeat[],
  place: 'face' | 'finger',
): PulseQuality {
  const bpm = rateOf(beats)
  const { framesPerSecond } = frameRate(samples)
  const measured = { bpm, framesPerSecond }
  if (framesPerSecond < framesPerSecondMin) {
    return { quality: 0, reason: 'FRAME_RATE_LOW', isTrusted: false, ...measured }
  }
  const spread = Math.abs(bpm / 60 / estimate.rateHz - 1)
  if (estimate.snrDb >= snrDbMin && spread <= rateSpreadMax) {
    const share = (estimate.snrDb - snrDbMin) / (snrDbFull - snrDbMin)
    const quality = Math.round(5000 + 5000 * Math.min(1, share))
    return { quality, reason: 'GOOD', isTrusted: true, ...measured }
  }
  const share = Math.min(1, Math.max(0, (estimate.snrDb + 5) / (snrDbMin + 5)))
  const reason = place === 'face' ? faceReason(samples) : 'PRESS_LIGHTLY'
  return { quality: Math.round(4000 * share), reason, isTrusted: false, ...measured }
}

/** Beats a minute over the last ten seconds of them. */
function rateOf(beats: readonly PulseBeat[]): number {
  const last = beats.at(-1)
  if (last === undefined) return 0
  const recent = beats.filter((beat) => beat.timeMs > last.timeMs - 10_000)
  const spanMs = last.timeMs - (recent[0]?.timeMs ?? last.timeMs)
  return spanMs > 0 ? ((recent.length - 1) * 60_000) / spanMs : 0
}

function faceReason(samples: readonly RgbSample[]): QualityReason {
  const level = samples.map(({ r, g, b }) => (r + g + b) / 3)
  const mean = level.reduce((sum, value) => sum + value, 0) / level.length
  if (mean < darkLevel) return 'MOVE_TO_LIGHT'
  if (mean > brightLevel) return 'TOO_BRIGHT'
  const swing = level.reduce((sum, value) => sum + (value - mean) ** 2, 0) / level.length
  return Math.sqrt(swing) > brightnessSwingMax * mean ? 'HOLD_STILL' : 'PULSE_WEAK'
}
