/**
 * What the GPU is to add: points sorted into buckets by their digits, and tasks of bounded length,
 * round after round, until each bucket is one sum. Sorting is cheap on the processor, and uneven
 * work is what a GPU does badly.
 */

import { assert } from '../../../src/core/base/assert.ts'
import type { Digits } from '../groth16/digits.ts'
import { noSum, taskWords } from './sumCode.ts'

/** Points that are summed by one thread: enough work for a thread, few enough for many threads. */
export const taskLengthMax = 16

/** Points of a table on the GPU, from `first` on, and the digits of the scalar of each. */
export interface PlannedTerms {
  readonly first: number
  readonly scalarIndexes: Uint32Array
  readonly digits: Digits
}

export interface SumPlan {
  /** Twice the number of a point, plus one for its negative; bucket after bucket. */
  readonly list: Uint32Array
  /** Tasks of each round: the first reads the list, every other the sums of the one before. */
  readonly rounds: readonly Uint32Array[]
  /** By buckets, windows and groups: the index of its sum in the last round, or `noSum`. */
  readonly places: Uint32Array
}

/** Of groups of terms, one sum each; all digits have the same bits. */
export function planSums(groups: readonly (readonly PlannedTerms[])[]): SumPlan {
  const { bits, windowCount } = groups[0]?.[0]?.digits ?? { bits: 1, windowCount: 0 }
  const half = 1 << (bits - 1)
  const counts = new Uint32Array(groups.length * windowCount * half)
  const each = (visit: (bucket: number, named: number) => void): void => {
    groups.forEach((terms, group) => {
      for (const one of terms) {
        assert(one.digits.bits === bits, 'digits that share buckets have the same bits')
        eachDigit(one, group * windowCount * half, half, visit)
      }
    })
  }
  each((bucket) => {
    counts[bucket] = (counts[bucket] ?? 0) + 1
  })
  const next = startsOf(counts)
  const list = new Uint32Array(counts.reduce((sum, count) => sum + count, 0))
  each((bucket, named) => {
    const at = next[bucket] ?? 0
    next[bucket] = at + 1
    list[at] = named
  })
  return { list, ...planRounds(counts) }
}

function eachDigit(
  { first, scalarIndexes, digits }: PlannedTerms,
  base: number,
  half: number,
  visit: (bucket: number, named: number) => void,
): void {
  const { values, count, windowCount } = digits
  for (let window = 0; window < windowCount; window += 1) {
    const before = base + window * half - 1
    for (let point = 0; point < scalarIndexes.length; point += 1) {
      const digit = values[window * count + (scalarIndexes[point] ?? 0)] ?? 0
      if (digit > 0) visit(before + digit, 2 * (first + point))
      else if (digit < 0) visit(before - digit, 2 * (first + point) + 1)
    }
  }
}

function startsOf(counts: Uint32Array): Uint32Array {
  const starts = new Uint32Array(counts.length)
  for (let index = 1; index < counts.length; index += 1) {
    starts[index] = (starts[index - 1] ?? 0) + (counts[index - 1] ?? 0)
  }
  return starts
}

/** `counts` of entries by buckets, which are one after the other. */
function planRounds(counts: Uint32Array): Omit<SumPlan, 'list'> {
  const rounds: Uint32Array[] = []
  const left = counts.slice()
  do {
    rounds.push(planRound(left))
  } while (left.some((count) => count > 1))
  const places = new Uint32Array(counts.length).fill(noSum)
  let sums = 0
  left.forEach((count, bucket) => {
    if (count === 1) places[bucket] = sums++
  })
  return { rounds, places }
}

/** One round's tasks; leaves in `left` how many sums each bucket has then. */
function planRound(left: Uint32Array): Uint32Array {
  const count = left.reduce((sum, length) => sum + Math.ceil(length / taskLengthMax), 0)
  const tasks = new Uint32Array(taskWords * count)
  let start = 0
  let at = 0
  left.forEach((length, bucket) => {
    for (let done = 0; done < length; done += taskLengthMax) {
      tasks[at] = start + done
      tasks[at + 1] = Math.min(taskLengthMax, length - done)
      at += taskWords
    }
    start += length
    left[bucket] = Math.ceil(length / taskLengthMax)
  })
  return tasks
}
