/** What the judge of a light challenge is given (LIVE-3), and what of it can be judged at all. */

import { slotCount } from './colors.ts'

/** Mean levels of a region, sRGB codes in 256ths: 0..65,280. */
export interface RegionLight {
  readonly r: number
  readonly g: number
  readonly b: number
}

/** One frame. Times are whole ms on one clock, that of `shownMs`. */
export interface LightSample {
  readonly timeMs: number
  readonly skin: RegionLight
  readonly background: RegionLight
}

export interface LightObservation {
  /** When each colour came on, and when the last one went: one more than colours. */
  readonly shownMs: readonly number[]
  /** In order of time, from before the first colour to after the last. */
  readonly samples: readonly LightSample[]
  /** Parts of the picture that were read, in basis points of it. */
  readonly skinShareBp: number
  readonly backgroundShareBp: number
}

/** Why nothing can be said, each with something to do about it. */
export type UnjudgedReason =
  /** Times or levels that no camera gives: begin again. */
  | 'FRAMES_INVALID'
  /** Fewer than three frames of a slot, or a colour that stood too short or too long. */
  | 'FRAMES_MISSING'
  /** Come closer. */
  | 'SKIN_SMALL'
  /** Lean aside, or turn the camera, so that something is seen beside the face. */
  | 'BACKGROUND_SMALL'
  /** The picture is white in places: turn away from the lamp or the window. */
  | 'TOO_BRIGHT'
  /** So dark that the camera's noise is all there is: light the room a little. */
  | 'TOO_DARK'

/** A second at 120 frames, and the longest challenge that still counts. */
const samplesMax = 2048
const levelMax = 65_280
/** 250 and 16 of 255: outside, a camera cuts off or shows its own noise. */
const meanLevelMax = 250 * 256
const meanLevelMin = 16 * 256
const skinShareBpMin = 150
const backgroundShareBpMin = 200
const slotMsMin = 400
const slotMsMax = 700

export function unjudged(observation: LightObservation): UnjudgedReason | undefined {
  const { shownMs, samples, skinShareBp, backgroundShareBp } = observation
  if (!isWellFormed(observation)) return 'FRAMES_INVALID'
  if (skinShareBp < skinShareBpMin) return 'SKIN_SMALL'
  if (backgroundShareBp < backgroundShareBpMin) return 'BACKGROUND_SMALL'
  const lengths = shownMs.slice(1).map((at, index) => at - (shownMs[index] ?? 0))
  if (lengths.some((length) => length < slotMsMin || length > slotMsMax)) return 'FRAMES_MISSING'
  if (samples.length === 0) return 'FRAMES_MISSING'
  const sums = [skinOf, backgroundOf].flatMap((region) => sumsOf(samples.map(region)))
  if (sums.some((sum) => sum > meanLevelMax * samples.length)) return 'TOO_BRIGHT'
  if (sums.some((sum) => sum < meanLevelMin * samples.length)) return 'TOO_DARK'
  return undefined
}

function skinOf({ skin }: LightSample): RegionLight {
  return skin
}

function backgroundOf({ background }: LightSample): RegionLight {
  return background
}

/** Levels of each channel, all frames together. */
function sumsOf(lights: readonly RegionLight[]): readonly number[] {
  const sum = (levels: readonly number[]): number =>
    levels.reduce((total, level) => total + level, 0)
  return [
    sum(lights.map(({ r }) => r)),
    sum(lights.map(({ g }) => g)),
    sum(lights.map(({ b }) => b)),
  ]
}

function isWellFormed({ shownMs, samples, ...shares }: LightObservation): boolean {
  if (shownMs.length !== slotCount + 1 || samples.length > samplesMax) return false
  const times = samples.map(({ timeMs }) => timeMs)
  const levels = samples.flatMap(({ skin, background }) =>
    [skin, background].flatMap(({ r, g, b }) => [r, g, b]),
  )
  return (
    isAscending(shownMs) &&
    isAscending(times) &&
    levels.every((level) => Number.isInteger(level) && level >= 0 && level <= levelMax) &&
    [shares.skinShareBp, shares.backgroundShareBp].every(
      (share) => Number.isInteger(share) && share >= 0 && share <= 10_000,
    )
  )
}

function isAscending(times: readonly number[]): boolean {
  return times.every(
    (at, index) => Number.isSafeInteger(at) && (index === 0 || at > (times[index - 1] ?? 0)),
  )
}
