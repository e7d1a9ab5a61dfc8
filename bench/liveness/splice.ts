/**
 * The spliced library (LIVE-8): a person once recorded breaths of every length, and an attacker who
 * reads the challenge strings them together.
 */

import {
  breathHalvesMax,
  breathHalvesMin,
  edgeBreathHalves,
  type Codeword,
} from '../../src/core/liveness/codeword.ts'
import type { Challenge } from '../../src/core/liveness/rules.ts'
import type { BreathWindow } from '../../src/core/liveness/window.ts'
import { pacedBreathing } from './breathing.ts'
import { beatTimes, drawHeart, windowOf } from './heart.ts'
import type { Deviates } from './random.ts'

/** Intervals of one breath, by its length in half seconds. */
type Library = ReadonlyMap<number, readonly number[]>

export function splicer(
  source: Deviates,
  { book }: Challenge,
  asked: readonly number[],
): (window: number) => BreathWindow {
  const library = recordLibrary(source)
  return (window) => {
    const codeword = book.codewords[asked[window] ?? 0] ?? []
    let boundaryMs = -500 * edgeBreathHalves
    const beats = [boundaryMs]
    for (const halves of [edgeBreathHalves, ...codeword, edgeBreathHalves]) {
      boundaryMs += 500 * halves
      for (const interval of library.get(halves) ?? []) {
        const at = (beats.at(-1) ?? 0) + interval
        // The beats of a breath do not fill it exactly; what is over would add up.
        if (at < boundaryMs + 500) beats.push(at)
      }
    }
    return windowOf(beats, book.seconds)
  }
}

/** One long recording: breaths of each length in turn, cut where each begins. */
function recordLibrary(source: Deviates): Library {
  const heart = drawHeart(source, source.uniform(20, 80))
  const lengths: Codeword = Array.from(
    { length: breathHalvesMax - breathHalvesMin + 1 },
    (_, index) => breathHalvesMin + index,
  )
  const breath = pacedBreathing(source, lengths, { lagMs: 600, unevenMs: 250, lapse: 0 })
  const totalMs = 500 * lengths.reduce((sum, halves) => sum + halves, 0)
  const beats = beatTimes(source, heart, breath, [-3000, totalMs + 5000])
  const library = new Map<number, readonly number[]>()
  let fromMs = 600
  for (const halves of lengths) {
    const toMs = fromMs + 500 * halves
    const intervals = beats.flatMap((at, index) =>
      at >= fromMs && at < toMs && index > 0 ? [at - (beats[index - 1] ?? at)] : [],
    )
    library.set(halves, intervals)
    fromMs = toMs
  }
  return library
}
