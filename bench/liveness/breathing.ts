/** How simulated people breathe: by themselves, and after the guide (LIVE-1). */

import { edgeBreathHalves, type Codeword } from '../../src/core/liveness/codeword.ts'
import type { Breath } from './heart.ts'
import type { Deviates } from './random.ts'

/** Long enough before the first beat, and after the last, of any window. */
const marginMs = 30_000

/** Spontaneous: no two breaths are equally long, and one in ten people breathes slowly. */
export function ownBreathing(source: Deviates, seconds: number): (timeMs: number) => Breath {
  const isSlow = source.uniform() < 0.1
  const perMinute = isSlow
    ? source.uniform(5, 8)
    : Math.min(22, Math.max(8, source.normal(14.5, 3)))
  const spread = source.uniform(0.05, 0.25)
  const starts = [-marginMs]
  let length = 1
  while ((starts.at(-1) ?? 0) < seconds * 1000 + marginMs) {
    // Neighbouring breaths are alike.
    length = 1 + 0.5 * (length - 1) + Math.sqrt(0.75) * source.normal(0, spread)
    starts.push((starts.at(-1) ?? 0) + (60_000 / perMinute) * Math.max(0.4, length))
  }
  return breathAt(starts)
}

export interface Follower {
  /** Behind the guide: reaction, and what the sensor reports late. */
  readonly lagMs: number
  /** Standard deviation of the begin of a breath. */
  readonly unevenMs: number
  /** Chance of a breath that follows its own length. */
  readonly lapse: number
}

/** After the guide, a little late and not exactly. */
export function pacedBreathing(
  source: Deviates,
  codeword: Codeword,
  { lagMs, unevenMs, lapse }: Follower,
): (timeMs: number) => Breath {
  const halves = [edgeBreathHalves, ...codeword, edgeBreathHalves, edgeBreathHalves]
  const starts: number[] = [-marginMs]
  let at = -500 * edgeBreathHalves
  for (const half of halves) {
    const strays = source.uniform() < lapse ? source.normal(0, 1500) : 0
    starts.push(at + lagMs + source.normal(0, unevenMs) + strays)
    at += 500 * half
  }
  starts.push(at + marginMs)
  return breathAt(starts.sort((left, right) => left - right))
}

/** Starts of breaths, ascending; ask with ascending times. */
function breathAt(starts: readonly number[]): (timeMs: number) => Breath {
  let index = 0
  return (timeMs) => {
    while (timeMs >= (starts[index + 1] ?? Infinity)) index += 1
    const from = starts[index] ?? 0
    const length = Math.max(1, (starts[index + 1] ?? from + 5000) - from)
    return { phase: (timeMs - from) / length, seconds: Math.min(12, length / 1000) }
  }
}
