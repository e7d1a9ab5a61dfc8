/**
 * Whether two sensors saw one heart (LIVE-5): after one constant lag of the second, 0 to 4 s, nine
 * of ten beats of each match a beat of the other within 60 ms. Integers throughout: at a lag that
 * is given, `emotional_proof_two` decides the same.
 */

import { rrTicksMin, ticksPerSecond } from '../emotion/window.ts'

/** 60 ms and 4 s in 1/1024 s, rounded down. */
export const toleranceTicks = 61
export const lagTicksMax = 4 * ticksPerSecond
export const matchedBpMin = 9000
/** Under so many beats chance matches too many. */
export const overlapBeatsMin = 30
/** Two windows of the circuit: more is no question to ask. */
export const beatsMax = 256

export interface HeartMatch {
  readonly verdict: 'one' | 'two' | 'inconclusive'
  readonly lagTicks: number
  readonly matched: number
  /** Of the beats of each that the other could have seen, the larger number. */
  readonly overlap: number
}

const nothing: HeartMatch = { verdict: 'inconclusive', lagTicks: 0, matched: 0, overlap: 0 }

/**
 * Times of beats in 1/1024 s, ascending; `late` is the sensor that reports late, a strap. Beats
 * nearer than 300 ms to each other, or out of order, are no two beats of a heart: inconclusive.
 */
export function matchHearts(prompt: readonly number[], late: readonly number[]): HeartMatch {
  if (!isBeats(prompt) || !isBeats(late)) return nothing
  return matchAt(prompt, late, bestLagTicks(prompt, late))
}

/**
 * The same at one lag of the prover's choice, 0..`lagTicksMax`: what the circuit decides. `one` at
 * some lag follows from `one` of `matchHearts`, not the other way.
 */
export function matchHeartsAt(
  prompt: readonly number[],
  late: readonly number[],
  lagTicks: number,
): HeartMatch {
  const isLag = Number.isInteger(lagTicks) && lagTicks >= 0 && lagTicks <= lagTicksMax
  if (!isLag || !isBeats(prompt) || !isBeats(late)) return nothing
  return matchAt(prompt, late, lagTicks)
}

/**
 * For each beat the index of the one of `others` within the tolerance, undefined without. Both are
 * beats of a heart, so that none has two, and no two beats share one.
 */
export function partnersOf(
  beats: readonly number[],
  others: readonly number[],
): readonly (number | undefined)[] {
  let next = 0
  return beats.map((at) => {
    while (next < others.length && (others[next] ?? 0) < at - toleranceTicks) next += 1
    const other = others[next]
    return other !== undefined && other <= at + toleranceTicks ? next : undefined
  })
}

function matchAt(prompt: readonly number[], late: readonly number[], lagTicks: number): HeartMatch {
  const shifted = prompt.map((at) => at + lagTicks)
  const matched = partnersOf(late, shifted).filter((index) => index !== undefined).length
  const overlap = Math.max(countWithin(shifted, late), countWithin(late, shifted))
  if (overlap < overlapBeatsMin) return { verdict: 'inconclusive', lagTicks, matched, overlap }
  const isOne = 10_000 * matched >= matchedBpMin * overlap
  return { verdict: isOne ? 'one' : 'two', lagTicks, matched, overlap }
}

/**
 * The lag at which most beats match, the least of them: each pair of beats matches in an interval
 * of lags, and for one beat these never overlap, because beats are farther apart.
 */
function bestLagTicks(prompt: readonly number[], late: readonly number[]): number {
  const edges: { readonly at: number; readonly change: 1 | -1 }[] = []
  for (const early of prompt) {
    for (const after of late) {
      const from = Math.max(0, after - early - toleranceTicks)
      const to = Math.min(lagTicksMax, after - early + toleranceTicks)
      if (from <= to) edges.push({ at: from, change: 1 }, { at: to + 1, change: -1 })
    }
  }
  edges.sort((left, right) => left.at - right.at || left.change - right.change)
  let lagTicks = 0
  let matched = 0
  let open = 0
  for (const { at, change } of edges) {
    open += change
    if (open <= matched) continue
    matched = open
    lagTicks = at
  }
  return lagTicks
}

/** Beats that lie where `others` was watching. */
function countWithin(beats: readonly number[], others: readonly number[]): number {
  const from = (others[0] ?? 0) - toleranceTicks
  const to = (others.at(-1) ?? 0) + toleranceTicks
  return beats.filter((at) => at >= from && at <= to).length
}

function isBeats(beats: readonly number[]): boolean {
  if (beats.length === 0 || beats.length > beatsMax) return false
  return beats.every((at, index) => {
    const before = beats[index - 1]
    return Number.isSafeInteger(at) && (before === undefined || at - before >= rrTicksMin)
  })
}
