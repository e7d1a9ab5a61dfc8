/**
 * The seeded cardiac model of SENS-4: integral pulse frequency modulation. A beat falls whenever
 * the integral of the modulated rate reaches one; breathing (respiratory sinus arrhythmia), the
 * slow 0.1 Hz wave of blood pressure and a little noise modulate it. Same options, same heart.
 */

import { assert } from '../../core/base/assert.ts'
import { swingGain, type BreathAt } from './guidedBreath.ts'
import { seededRandom } from './seededRandom.ts'
import { ticksPerSecond } from './ticks.ts'

export interface HeartOptions {
  readonly seed: number
  /** Mean rate at rest. Default 62. */
  readonly restBpm?: number
  /** Swing of the interval over a breath, from shortest to longest. Default 60. */
  readonly rsaMs?: number
  /** Default 14. */
  readonly breathPerMin?: number
  /** 1: at rest. 0: strained, 25 bpm faster with three tenths of the swing. Default 1. */
  readonly calm?: number
}

const strainBpm = 25
const strainSwing = 0.3
/** Swing of the 0.1 Hz wave against that of breathing. */
const slowShare = 0.4
/** Standard deviation of an interval that no rhythm explains. */
const noiseMs = 5
const stepMs = 5

export interface HeartBeat {
  /** Since the model began. */
  readonly timeMs: number
  readonly rrTicks: number
}

/**
 * An endless heart: each call gives the next beat. While `guided` gives a breath, by milliseconds
 * since the model began, the heart breathes so, and by itself otherwise.
 */
export function heartModel(
  options: HeartOptions,
  guided: BreathAt = () => undefined,
): () => HeartBeat {
  const { seed, restBpm = 62, rsaMs = 60, breathPerMin = 14, calm = 1 } = options
  // Beyond these the intervals would leave 300..2000 ms, and it would be no heart.
  assert(restBpm >= 40 && restBpm <= 120, 'restBpm in 40..120')
  assert(rsaMs >= 0 && rsaMs <= 200, 'rsaMs in 0..200')
  assert(breathPerMin >= 3 && breathPerMin <= 40, 'breathPerMin in 3..40')
  assert(calm >= 0 && calm <= 1, 'calm in 0..1')
  const random = seededRandom(seed)
  const meanMs = 60_000 / (restBpm + (1 - calm) * strainBpm)
  const swing = (rsaMs * (strainSwing + (1 - strainSwing) * calm)) / (2 * meanMs)
  let breathPhase = random()
  let slowPhase = random()
  let breathHz = breathPerMin / 60
  let integral = random()
  let timeMs = 0
  let lastTick: number | undefined
  let threshold = 1

  const advance = (): number => {
    for (;;) {
      breathPhase += (breathHz * stepMs) / 1000
      slowPhase += (0.1 * stepMs) / 1000
      if (breathPhase >= 1) {
        breathPhase -= 1
        // No two breaths are equally long.
        breathHz = (breathPerMin / 60) * (0.9 + 0.2 * random())
      }
      const along = guided(timeMs)
      const gain = along === undefined ? 1 : swingGain(along.seconds, 60 / breathPerMin)
      const breath = gain * Math.sin(2 * Math.PI * (along?.phase ?? breathPhase))
      const slow = Math.sin(2 * Math.PI * slowPhase)
      const perMs = (1 + swing * (breath + slowShare * slow)) / meanMs
      const before = integral
      integral += perMs * stepMs
      timeMs += stepMs
      if (integral >= threshold) {
        const beatMs = timeMs - stepMs + (stepMs * (threshold - before)) / (integral - before)
        integral -= threshold
        // Irwin–Hall of three: close enough to a normal deviate, and bounded.
        const deviate = 2 * (random() + random() + random() - 1.5)
        threshold = 1 + (deviate * noiseMs) / meanMs
        return beatMs
      }
    }
  }

  return () => {
    for (;;) {
      const beatMs = advance()
      const tick = Math.round((beatMs * ticksPerSecond) / 1000)
      const rrTicks = tick - (lastTick ?? tick)
      lastTick = tick
      // The first beat ends no interval.
      if (rrTicks > 0) return { timeMs: (tick * 1000) / ticksPerSecond, rrTicks }
    }
  }
}
