/**
 * Simulated rooms, faces and cameras for the light challenge (LIVE-3, LIVE-8): linear light on two
 * surfaces, a camera that follows exposure and white balance, noise, and a head that moves. Models:
 * what real faces, screens and cameras do was not measured.
 */

import { lightColors, slotCount, slotMs } from '../../../src/core/liveness/light/colors.ts'
import type {
  LightObservation,
  LightSample,
  RegionLight,
} from '../../../src/core/liveness/light/observation.ts'
import { wander, type Deviates } from '../random.ts'

type Rgb = readonly [number, number, number]

/** What reaches a surface and comes back, in lux and shares of it. */
export interface Surface {
  readonly reflects: Rgb
  readonly ambientLux: number
  /** Share of the screen's light at the face that arrives here. */
  readonly screenPart: number
  /** Light of its own, as a screen has: of this many lux, at a time. */
  readonly shines?: (timeMs: number) => Rgb
}

export interface Scene {
  readonly skin: Surface
  readonly background: Surface
  readonly ambientColor: Rgb
  /** Of a white screen at the face. */
  readonly screenLux: number
  readonly lagMs: number
  readonly framesPerSecond: number
  /** Standard deviation of a region's mean, of its level. */
  readonly noise: number
}

export function drawScene(source: Deviates, ambientLux: number): Scene {
  const pale = source.uniform(0.25, 1)
  const warmth = source.uniform(-0.15, 0.2)
  return {
    skin: {
      reflects: [0.15 + 0.5 * pale, 0.08 + 0.37 * pale, 0.06 + 0.3 * pale],
      ambientLux,
      screenPart: 1,
    },
    background: {
      reflects: [source.uniform(0.2, 0.8), source.uniform(0.2, 0.8), source.uniform(0.2, 0.8)],
      ambientLux: ambientLux * source.uniform(0.5, 1.5),
      screenPart: source.uniform(0.03, 0.3),
    },
    ambientColor: [1 + warmth, 1, 1 - warmth],
    screenLux: source.uniform(25, 90),
    lagMs: source.uniform(60, 350),
    framesPerSecond: source.uniform(15, 30),
    noise: source.uniform(0.0008, 0.0025),
  }
}

/** Linear light of the screen, 0..1, `sinceMs` after the first colour came on. */
export function screenLight(sequence: readonly number[], sinceMs: number): Rgb {
  const slot = Math.floor(sinceMs / slotMs)
  const color = lightColors[sequence[slot] ?? -1]
  return color === undefined ? [0.5, 0.5, 0.5] : [linear(color.r), linear(color.g), linear(color.b)]
}

const beforeMs = 400
const afterMs = 2000
const gamma = 2.2
/** Where exposure puts the middle of the picture. */
const exposedTo = 0.22
const exposureSeconds = 0.7
const balanceSeconds = 2.5
/** White balance takes out this much of a cast. */
const balanceStrength = 0.5

/** What the judge gets when `sequence` is shown to this scene. */
export function observe(
  source: Deviates,
  scene: Scene,
  sequence: readonly number[],
): LightObservation {
  const camera = newCamera(source, scene)
  const shownMs = Array.from({ length: slotCount + 1 }, (_, slot) => slot * slotMs)
  const samples: LightSample[] = []
  for (let timeMs = -beforeMs; timeMs < slotCount * slotMs + afterMs;) {
    const step = (1000 / scene.framesPerSecond) * source.uniform(0.9, 1.1)
    // A frame in thirty is dropped.
    const screen = screenLight(sequence, timeMs - scene.lagMs)
    const seen = camera(timeMs, screen, step / 1000)
    if (source.uniform() > 1 / 30) samples.push({ timeMs: Math.round(timeMs), ...seen })
    timeMs += step
  }
  return { shownMs, samples, skinShareBp: 600, backgroundShareBp: 2000 }
}

type Camera = (
  timeMs: number,
  screen: Rgb,
  stepSeconds: number,
) => { readonly skin: RegionLight; readonly background: RegionLight }

function newCamera(source: Deviates, scene: Scene): Camera {
  const bodies = [scene.skin, scene.background].map((surface, index) => ({
    surface,
    // Heads move, walls do not.
    shade: wander(source, index === 0 ? 0.02 : 0.004, 2),
    tints: [0, 1, 2].map(() => wander(source, index === 0 ? 0.002 : 0.0005, 2)),
  }))
  const drift = wander(source, 0.02, 5)
  let exposure = 0
  let balance: readonly number[] = [1, 1, 1]
  return (timeMs, screen, stepSeconds) => {
    const lights = bodies.map(({ surface, shade, tints }) => {
      const factor = 1 + shade(stepSeconds)
      return [0, 1, 2].map(
        (channel) =>
          factor *
          (1 + (tints[channel]?.(stepSeconds) ?? 0)) *
          lightOf(scene, surface, timeMs, screen, channel),
      )
    })
    // The picture is mostly background.
    const mean = [0, 1, 2].map(
      (channel) => (lights[0]?.[channel] ?? 0) / 3 + (2 * (lights[1]?.[channel] ?? 0)) / 3,
    )
    const grey = mean.reduce((sum, value) => sum + value, 0) / 3
    const wanted = exposedTo / grey
    const cast = mean.map((value) => (grey / value) ** balanceStrength)
    if (exposure === 0) [exposure, balance] = [wanted, cast]
    exposure +=
      (wanted * (1 + drift(stepSeconds)) - exposure) * followed(stepSeconds, exposureSeconds)
    balance = balance.map(
      (value, channel) =>
        value + ((cast[channel] ?? 1) - value) * followed(stepSeconds, balanceSeconds),
    )
    const [skin, background] = lights.map((light) => {
      const [r = 0, g = 0, b = 0] = light.map((value, channel) => {
        const code = Math.min(1, exposure * (balance[channel] ?? 1) * value) ** (1 / gamma)
        return Math.round(65_280 * Math.min(1, code * (1 + source.normal(0, scene.noise))))
      })
      return { r, g, b }
    })
    const none = { r: 0, g: 0, b: 0 }
    return { skin: skin ?? none, background: background ?? none }
  }
}

function lightOf(
  { ambientColor, screenLux }: Scene,
  { reflects, ambientLux, screenPart, shines }: Surface,
  timeMs: number,
  screen: Rgb,
  channel: number,
): number {
  const falling =
    ambientLux * (ambientColor[channel] ?? 1) + screenLux * screenPart * (screen[channel] ?? 0)
  return falling * (reflects[channel] ?? 0) + (shines?.(timeMs)[channel] ?? 0)
}

function followed(stepSeconds: number, seconds: number): number {
  return 1 - Math.exp(-stepSeconds / seconds)
}

function linear(code: number): number {
  return (code / 255) ** gamma
}
