/**
 * Simulated hearts for the breathing challenge (LIVE-1, LIVE-8): integral pulse frequency
 * modulation by breathing, by the slow wave of blood pressure at 0.1 Hz that wanders in frequency
 * and strength, and by drifts of 10, 30 and 100 s. They are models: what real people do stands
 * beside them, never added to them.
 */

import { rrTicksMax, rrTicksMin, ticksPerSecond } from '../../src/core/emotion/window.ts'
import type { BreathWindow } from '../../src/core/liveness/window.ts'
import { wander, type Deviates } from './random.ts'

/** Where in a breath the person is, 0 … 1, and how long that breath takes. */
export interface Breath {
  readonly phase: number
  readonly seconds: number
}

export interface Heart {
  readonly meanMs: number
  /** Half the swing of the interval over a breath of 9 s or more. */
  readonly breathMs: number
  /** Of the heart's answer against the breath, in breaths. */
  readonly breathPhase: number
  /** Standard deviations of the interval. */
  readonly pressureMs: number
  readonly driftMs: number
  readonly jitterMs: number
  /** Standard deviation of the time that the sensor gives a beat. */
  readonly timingMs: number
}

/** A person of a made-up population; `breathMs` is drawn by the caller. */
export function drawHeart(source: Deviates, breathMs: number): Heart {
  return {
    meanMs: 60_000 / Math.min(95, Math.max(48, source.normal(66, 9))),
    breathMs,
    breathPhase: source.uniform(-0.25, 0.25),
    pressureMs: source.uniform(4, 22),
    driftMs: source.uniform(8, 30),
    jitterMs: source.uniform(3, 8),
    timingMs: 0,
  }
}

const stepMs = 20
/** Above this rate the answer of the heart falls as one over the rate (Hirsch & Bishop 1981). */
const cornerSeconds = 8.33
/** Inspiration is shorter than expiration: the answer is no pure sine. */
const secondHarmonic = 0.25

/** Times of beats in ms from `fromMs` to `toMs`, on the clock of `breath`. */
export function beatTimes(
  source: Deviates,
  heart: Heart,
  breath: (timeMs: number) => Breath,
  [fromMs, toMs]: readonly [number, number],
): readonly number[] {
  const drifts = [10, 30, 100].map((seconds) =>
    wander(source, heart.driftMs / Math.sqrt(3), seconds),
  )
  const pressure = wander(source, 1, 20)
  const pressureHz = wander(source, 0.01, 10)
  let pressurePhase = source.uniform()
  let integral = source.uniform()
  let threshold = 1
  const beats: number[] = []
  for (let timeMs = fromMs; timeMs < toMs; timeMs += stepMs) {
    const second = stepMs / 1000
    pressurePhase += (0.1 + pressureHz(second)) * second
    const drift = drifts.reduce((sum, next) => sum + next(second), 0)
    const slow =
      Math.SQRT2 * heart.pressureMs * pressure(second) * Math.sin(2 * Math.PI * pressurePhase)
    const interval = heart.meanMs + drift + slow + answer(heart, breath(timeMs))
    const rise = stepMs / Math.max(310, Math.min(1900, interval))
    if (integral + rise >= threshold) {
      const beatMs = timeMs + (stepMs * (threshold - integral)) / rise
      beats.push(beatMs + source.normal(0, heart.timingMs))
      integral -= threshold
      threshold = 1 + source.normal(0, heart.jitterMs) / heart.meanMs
    }
    integral += rise
  }
  return beats
}

function answer({ breathMs, breathPhase }: Heart, { phase, seconds }: Breath): number {
  const angle = 2 * Math.PI * (phase + breathPhase)
  const shape = Math.sin(angle) + secondHarmonic * Math.sin(2 * angle)
  return breathMs * Math.min(1, seconds / cornerSeconds) * shape
}

/** The beats that a window of `seconds` from 0 holds, as a strap would give them. */
export function windowOf(beatsMs: readonly number[], seconds: number): BreathWindow {
  const all = beatsMs.map((at) => Math.round((at * ticksPerSecond) / 1000))
  const inside = all.filter((at) => at >= 0 && at <= seconds * ticksPerSecond)
  const first = inside[0] ?? 0
  const ticks = inside
    .slice(1)
    .map((at, index) => Math.max(rrTicksMin, Math.min(rrTicksMax, at - (inside[index] ?? 0))))
  return { ticks, marks: ticks.map(() => false), firstOffsetTicks: first }
}
