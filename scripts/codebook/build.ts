/**
 * Builds a codebook (LIVE-1): schedules are drawn one after the other from a seeded generator, and
 * each is kept that differs enough from all that were kept before, until there are enough.
 */

import { seededRandom } from '../../src/adapters/sensors/seededRandom.ts'
import {
  breathHalvesMax,
  breathHalvesMin,
  type Codebook,
  type Codeword,
} from '../../src/core/liveness/codeword.ts'
import { isSeparate, mutualR2, spansOf, type Spans } from './separation.ts'

export interface BookPlan {
  readonly seconds: number
  readonly count: number
  /** The first of 1, 2, 3 … whose book is complete within `candidatesMax`. */
  readonly seed: number
}

/** R² of two codewords stays below this at every lag within 4 s. */
export const mutualR2Max = 0.3
const candidatesMax = 4000

export const bookPlans: readonly BookPlan[] = [
  { seconds: 60, count: 16, seed: 8 },
  { seconds: 90, count: 32, seed: 1 },
]

/** Undefined when the seed does not give enough codewords within `candidatesMax` draws. */
export function buildCodebook({ seconds, count, seed }: BookPlan): Codebook | undefined {
  const random = seededRandom(seed)
  const kept: { readonly codeword: Codeword; readonly spans: Spans }[] = []
  for (let drawn = 0; drawn < candidatesMax; drawn += 1) {
    const codeword = drawSchedule(2 * seconds, random)
    const spans = spansOf(codeword, seconds)
    // Lags of what is kept are known; only the few that pass need their own.
    if (!kept.every((other) => isSeparate(spans, other.spans, mutualR2Max))) continue
    if (!kept.every((other) => isSeparate(other.spans, spans, mutualR2Max))) continue
    kept.push({ codeword, spans })
    if (kept.length === count) return { seconds, codewords: kept.map((each) => each.codeword) }
  }
  return undefined
}

/** R² of each pair of codewords, in basis points, rounded up. */
export function separationTable({ seconds, codewords }: Codebook): readonly (readonly number[])[] {
  const spans = codewords.map((codeword) => spansOf(codeword, seconds))
  return spans.map((left) => spans.map((right) => Math.ceil(10_000 * mutualR2(left, right))))
}

function drawSchedule(halves: number, random: () => number): Codeword {
  for (;;) {
    const breaths: number[] = []
    let total = 0
    while (total < halves) {
      const choices = breathHalvesMax - breathHalvesMin + 1
      const breath = breathHalvesMin + Math.floor(choices * random())
      breaths.push(breath)
      total += breath
    }
    if (total === halves) return breaths
  }
}
