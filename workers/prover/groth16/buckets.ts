/**
 * Pippenger's buckets: sorts the points of some windows by their digit and sums each bucket, some
 * buckets after the other, so that their points stay in the processor's cache.
 *
 * Sums are made by halves: in each round the second half of every bucket is added to its first,
 * all buckets in the same batches. In place, and no addition waits for another of its round.
 */

import type { GroupFunctions, KernelMemory } from '../kernel/kernel.ts'
import type { Digits } from './digits.ts'
import { PairAdder } from './pairs.ts'
import type { PointTable } from './provingKey.ts'

/** Points that are summed at once: half of a second-level cache of 1 MiB. */
const partBytes = 9 << 16

export interface Windows {
  readonly first: number
  readonly end: number
}

/**
 * Adds the sum of each bucket to its place in the table: window after window, the bucket of digit 1
 * first. The table begins as points at infinity.
 */
export function sumBuckets(
  memory: KernelMemory,
  group: GroupFunctions,
  options: {
    readonly points: PointTable
    readonly digits: Digits
    readonly windows: Windows
    readonly table: number
  },
): void {
  const { points, digits, windows, table } = options
  const pointBytes = 2 * group.elementBytes
  const half = 1 << (digits.bits - 1)
  const lengths = countBuckets(points, digits, windows)
  const total = lengths.reduce((sum, length) => sum + length, 0)
  const mark = memory.mark()
  const indexes = memory.take(4 * total)
  const starts = sortPoints(memory.words, { points, digits, windows, lengths, indexes })
  const adder = new PairAdder(memory, group)
  const longest = lengths.reduce((most, length) => Math.max(most, length), 0)
  const partMax = Math.max(Math.floor(partBytes / pointBytes), longest)
  const sorted = memory.take(pointBytes * Math.min(total, partMax))
  for (let first = 0; first < lengths.length;) {
    let [end, count] = [first, 0]
    for (; end < lengths.length && count + (lengths[end] ?? 0) <= partMax; end += 1) {
      count += lengths[end] ?? 0
    }
    const start = starts[first] ?? 0
    group.gather(count, indexes + 4 * start, points.address, sorted)
    sumPart(adder, {
      lengths: lengths.subarray(first, end),
      starts: starts.subarray(first, end),
      points: sorted - start * pointBytes,
      pointBytes,
      out: table + (windows.first * half + first) * pointBytes,
    })
    first = end
  }
  memory.release(mark)
}

/** Adds the sums of consecutive buckets to those at `out`. Changes `lengths`. */
function sumPart(
  adder: PairAdder,
  part: {
    readonly lengths: Uint32Array
    readonly starts: Uint32Array
    /** Where the point with the number 0 of the starts would be. */
    readonly points: number
    readonly pointBytes: number
    readonly out: number
  },
): void {
  const { lengths, starts, points, pointBytes, out } = part
  for (let isSummed = false; !isSummed;) {
    isSummed = true
    for (let bucket = 0; bucket < lengths.length; bucket += 1) {
      const length = lengths[bucket] ?? 0
      if (length < 2) continue
      isSummed = false
      const kept = (length + 1) >> 1
      const start = points + (starts[bucket] ?? 0) * pointBytes
      adder.addRange(start, start + kept * pointBytes, length - kept)
      lengths[bucket] = kept
    }
    adder.flush()
  }
  for (let bucket = 0; bucket < lengths.length; bucket += 1) {
    if (lengths[bucket] === 0) continue
    adder.addRange(out + bucket * pointBytes, points + (starts[bucket] ?? 0) * pointBytes, 1)
  }
  adder.flush()
}

function countBuckets(points: PointTable, digits: Digits, windows: Windows): Uint32Array {
  const half = 1 << (digits.bits - 1)
  const lengths = new Uint32Array((windows.end - windows.first) * half)
  const { values, count } = digits
  const { scalarIndexes } = points
  for (let window = windows.first; window < windows.end; window += 1) {
    const base = (window - windows.first) * half - 1
    for (let point = 0; point < scalarIndexes.length; point += 1) {
      const digit = values[window * count + (scalarIndexes[point] ?? 0)] ?? 0
      if (digit === 0) continue
      const bucket = base + Math.abs(digit)
      lengths[bucket] = (lengths[bucket] ?? 0) + 1
    }
  }
  return lengths
}

/** Writes the gather list by buckets; the start of each bucket. */
function sortPoints(
  words: Uint32Array,
  options: {
    readonly points: PointTable
    readonly digits: Digits
    readonly windows: Windows
    readonly lengths: Uint32Array
    readonly indexes: number
  },
): Uint32Array {
  const { points, digits, windows, lengths, indexes } = options
  const half = 1 << (digits.bits - 1)
  const starts = new Uint32Array(lengths.length)
  for (let bucket = 1; bucket < lengths.length; bucket += 1) {
    starts[bucket] = (starts[bucket - 1] ?? 0) + (lengths[bucket - 1] ?? 0)
  }
  const next = starts.slice()
  const { values, count } = digits
  const { scalarIndexes } = points
  for (let window = windows.first; window < windows.end; window += 1) {
    const base = (window - windows.first) * half - 1
    for (let point = 0; point < scalarIndexes.length; point += 1) {
      const digit = values[window * count + (scalarIndexes[point] ?? 0)] ?? 0
      if (digit === 0) continue
      const bucket = base + Math.abs(digit)
      const position = next[bucket] ?? 0
      next[bucket] = position + 1
      words[indexes / 4 + position] = 2 * point + (digit >>> 31)
    }
  }
  return starts
}
