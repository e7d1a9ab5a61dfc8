/** Simulated people who answer, or do not know of, a challenge. */

import type { Challenge } from '../../src/core/liveness/rules.ts'
import type { BreathWindow } from '../../src/core/liveness/window.ts'
import { ownBreathing, pacedBreathing, type Follower } from './breathing.ts'
import { beatTimes, drawHeart, windowOf, type Breath, type Heart } from './heart.ts'
import type { Deviates } from './random.ts'

/** What a person's reaction and a strap together delay. */
export function drawFollower(source: Deviates): Follower {
  return { lagMs: source.uniform(300, 3600), unevenMs: 250, lapse: 0.05 }
}

/** Answers each codeword with a swing of ±`breathMs`. */
export function responder(
  source: Deviates,
  { book }: Challenge,
  breathMs: number,
): (codeword: number) => BreathWindow {
  const heart = drawHeart(source, breathMs)
  const follower = drawFollower(source)
  return (codeword) => {
    const schedule = book.codewords[codeword] ?? []
    return record(source, heart, pacedBreathing(source, schedule, follower), book.seconds)
  }
}

/** Breathes as always. */
export function bystander(source: Deviates, { book }: Challenge): () => BreathWindow {
  const heart = drawHeart(source, source.uniform(5, 60))
  return () => record(source, heart, ownBreathing(source, book.seconds), book.seconds)
}

export function record(
  source: Deviates,
  heart: Heart,
  breath: (timeMs: number) => Breath,
  seconds: number,
): BreathWindow {
  return windowOf(beatTimes(source, heart, breath, [-3000, 1000 * seconds + 3000]), seconds)
}
