/** LIVE-5 on simulated hearts: one heart seen by camera and strap, and two hearts alike. */

import { lagTicksMax, matchHearts } from '../../src/core/liveness/twoHearts.ts'
import { rateOf, type Rate } from './bounds.ts'
import { ownBreathing } from './breathing.ts'
import { beatTimes, drawHeart, type Heart } from './heart.ts'
import { deviates, type Deviates } from './random.ts'

const seconds = 60

export interface HeartsMeasured {
  /** Standard deviation of a camera's beat, ms. */
  readonly cameraMs: number
  /** One heart taken for two: a false reject. */
  readonly oneTakenForTwo: Rate
}

/** A strap with a constant lag, and a camera with an error for each beat. */
export function measureOneHeart(cameraMs: number, people: number): HeartsMeasured {
  let rejected = 0
  for (let person = 0; person < people; person += 1) {
    const source = deviates(2_000_000 + 1000 * cameraMs + person)
    const beats = beatsOf(source, drawHeart(source, source.uniform(5, 60)))
    const lagMs = source.uniform(300, 3600)
    const camera = beats.map((at) => at + source.normal(0, cameraMs))
    const strap = beats.map((at) => at + lagMs)
    if (matchHearts(ticksOf(camera), ticksOf(strap)).verdict !== 'one') rejected += 1
  }
  return { cameraMs, oneTakenForTwo: rateOf(rejected, people) }
}

/** Two people of the same mean rate, the second with a little breathing: the hardest case. */
export function measureTwoHearts(breathMs: number, people: number): Rate {
  let accepted = 0
  for (let person = 0; person < people; person += 1) {
    const source = deviates(3_000_000 + 1000 * breathMs + person)
    const first = { ...drawHeart(source, breathMs), timingMs: 15 }
    const second = { ...drawHeart(source, breathMs), meanMs: first.meanMs }
    const match = matchHearts(
      ticksOf(beatsOf(source, first)),
      ticksOf(beatsOf(source, second).map((at) => at + 2000)),
    )
    if (match.verdict === 'one') accepted += 1
  }
  return rateOf(accepted, people)
}

function beatsOf(source: Deviates, heart: Heart): readonly number[] {
  return beatTimes(source, heart, ownBreathing(source, seconds), [0, 1000 * seconds])
}

/** Clocks begin where no time is negative. */
function ticksOf(beatsMs: readonly number[]): readonly number[] {
  return beatsMs.map((at) => lagTicksMax + Math.round(1.024 * at))
}
