/**
 * Attack species as inputs of the breathing challenge (LIVE-8): each gives, for what was asked,
 * the windows that its attacker would show. Signals only: how they get past a camera or a radio is
 * not modelled, so the challenge has no help from other checks.
 */

import { ticksPerSecond } from '../../src/core/emotion/window.ts'
import { phaseSteps, phasesAt } from '../../src/core/liveness/codeword.ts'
import type { Challenge } from '../../src/core/liveness/rules.ts'
import type { BreathWindow } from '../../src/core/liveness/window.ts'
import { ownBreathing } from './breathing.ts'
import { drawAsked } from './challenge.ts'
import { beatTimes, drawHeart, windowOf, type Breath } from './heart.ts'
import { bystander, record, responder } from './people.ts'
import type { Deviates } from './random.ts'
import { splicer } from './splice.ts'

export interface Species {
  readonly name: string
  readonly isAdaptive: boolean
  readonly attack: (
    source: Deviates,
    challenge: Challenge,
    asked: readonly number[],
  ) => (window: number) => BreathWindow
}

export const species: readonly Species[] = [
  { name: 'print', isAdaptive: false, attack: printed },
  { name: 'screen replay', isAdaptive: false, attack: loopedClip },
  {
    name: 'blind strap replay',
    isAdaptive: false,
    attack: (source, challenge) => bystander(source, challenge),
  },
  { name: 'unmodulated pulse', isAdaptive: false, attack: metronome },
  { name: 'other codeword', isAdaptive: false, attack: otherCodeword },
  { name: 'one heart, two identities', isAdaptive: false, attack: sharedHeart },
  { name: 'synthesised answer', isAdaptive: true, attack: synthesised },
  { name: 'spliced library', isAdaptive: true, attack: splicer },
]

/** No pulse: what a peak finder makes of camera noise between 0.7 and 3 Hz. */
function printed(source: Deviates, { book }: Challenge): () => BreathWindow {
  return () => {
    const beats: number[] = []
    for (let at = 0; at < 1000 * book.seconds;) {
      at += Math.min(1400, Math.max(334, source.normal(640, 170)))
      beats.push(at)
    }
    return windowOf(beats, book.seconds)
  }
}

/** A clip of 10 to 30 s of somebody else's face, shown again and again to a camera. */
function loopedClip(source: Deviates, { book }: Challenge): (window: number) => BreathWindow {
  const clipMs = source.uniform(10_000, 30_000)
  const heart = { ...drawHeart(source, source.uniform(5, 60)), timingMs: 20 }
  const clip = beatTimes(source, heart, ownBreathing(source, 30), [0, clipMs])
  return (window) => {
    const fromMs = window * (1000 * book.seconds + 17_000)
    const rounds = Array.from({ length: 30 }, (_, round) => round * clipMs)
    const shown = rounds.flatMap((start) => clip.map((at) => start + at - fromMs))
    const apart = shown.filter((at, index) => at - (shown[index - 1] ?? -Infinity) > 301)
    return windowOf(apart, book.seconds)
  }
}

function metronome(source: Deviates, { book }: Challenge): () => BreathWindow {
  const intervalMs = source.uniform(600, 1100)
  const jitterMs = source.uniform(0.5, 4)
  return () => {
    const count = Math.ceil((1000 * book.seconds) / intervalMs)
    const beats = Array.from(
      { length: count },
      (_, index) => index * intervalMs + source.normal(0, jitterMs),
    )
    return windowOf(beats, book.seconds)
  }
}

/** A recorded, strong answer to another codeword than the one asked. */
function otherCodeword(
  source: Deviates,
  challenge: Challenge,
  asked: readonly number[],
): (window: number) => BreathWindow {
  const answer = responder(source, challenge, source.uniform(20, 80))
  const count = challenge.book.codewords.length
  return (window) => answer(((asked[window] ?? 0) + 1 + source.below(count - 1)) % count)
}

/** Answers what its first identity is asked, and shows the same beats for a second one. */
function sharedHeart(source: Deviates, challenge: Challenge): (window: number) => BreathWindow {
  const first = drawAsked(source, challenge)
  const answer = responder(source, challenge, source.uniform(20, 80))
  return (window) => answer(first[window] ?? 0)
}

/** Reads the challenge and computes beats that answer it. */
function synthesised(
  source: Deviates,
  { book }: Challenge,
  asked: readonly number[],
): (window: number) => BreathWindow {
  const heart = drawHeart(source, 50)
  return (window) => {
    const codeword = book.codewords[asked[window] ?? 0] ?? []
    const breath = (timeMs: number): Breath => {
      const ticks = (timeMs * ticksPerSecond) / 1000
      return { phase: (phasesAt(codeword, [ticks])[0] ?? 0) / phaseSteps, seconds: 9 }
    }
    return record(source, heart, breath, book.seconds)
  }
}
