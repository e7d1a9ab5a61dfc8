/**
 * Multi-scalar multiplication: Σ scalar·point in G1 or G2, by Pippenger's method with signed digits
 * and affine additions in batches (ZK-6).
 *
 * The weighted sum of a window's buckets, Σ (k + 1)·B[k], is S + Σ 2^j·U[j]: S the sum of all,
 * U[j] of those with bit j in k. Folding the upper half of the buckets onto the lower gives one bit
 * after the other; it needs as many additions as the usual running sum, and none waits for another.
 */

import { assert } from '../../../src/core/base/assert.ts'
import type { GroupFunctions, Kernel, KernelMemory } from '../kernel/kernel.ts'
import { sumBuckets } from './buckets.ts'
import type { Digits } from './digits.ts'
import { PairAdder } from './pairs.ts'
import { addAffine, addProjective, infinity } from './points.ts'
import type { PointTable } from './provingKey.ts'

/** Points sorted at once: enough for long batches, whose lists stay in a cache. */
const sortedMax = 1 << 15

/** Points and the digits of their scalars. */
export interface Terms {
  readonly points: PointTable
  readonly digits: Digits
}

/** Writes the sum of all terms, whose digits have the same bits, projective to `out`. */
export function multiplyPoints(
  kernel: Kernel,
  group: GroupFunctions,
  terms: readonly [Terms, ...(readonly Terms[])],
  out: number,
): void {
  const { memory } = kernel
  const mark = memory.mark()
  const { bits, windowCount } = terms[0].digits
  const half = 1 << (bits - 1)
  const tableBytes = windowCount * half * 2 * group.elementBytes
  const table = memory.take(tableBytes)
  memory.words.fill(0, table / 4, (table + tableBytes) / 4)
  for (const { points, digits } of terms) {
    assert(digits.bits === bits, 'digits that share buckets have the same bits')
    const length = Math.max(1, points.scalarIndexes.length)
    const windowsAtOnce = Math.max(1, Math.floor(sortedMax / length))
    for (let first = 0; first < windowCount; first += windowsAtOnce) {
      const end = Math.min(first + windowsAtOnce, windowCount)
      sumBuckets(memory, group, { points, digits, windows: { first, end }, table })
    }
  }
  foldBuckets(memory, group, table, terms[0].digits)
  joinWindows(kernel, group, { table, digits: terms[0].digits, out })
  memory.release(mark)
}

/** Leaves S of each window at its index 0 and U[j] at its index 2^j. */
function foldBuckets(
  memory: KernelMemory,
  group: GroupFunctions,
  table: number,
  { bits, windowCount }: Digits,
): void {
  const pointBytes = 2 * group.elementBytes
  const size = 1 << (bits - 1)
  const adder = new PairAdder(memory, group)
  const addRange = (to: number, from: number, count: number): void =>
    adder.addRange(table + to * pointBytes, table + from * pointBytes, count)
  for (let half = size >> 1; half >= 1; half >>= 1) {
    for (let window = 0; window < windowCount; window += 1) {
      addRange(window * size, window * size + half, half)
    }
    adder.flush()
  }
  for (let length = size >> 2; length >= 1; length >>= 1) {
    for (let window = 0; window < windowCount; window += 1) {
      // The upper halves that are left to sum: those at 2·length and above.
      for (let start = 2 * length; start < size; start <<= 1) {
        const count = Math.min(length, start >> 1)
        addRange(window * size + start, window * size + start + count, count)
      }
    }
    adder.flush()
  }
}

/** Horner's rule over all bits of all windows, from the highest. */
function joinWindows(
  kernel: Kernel,
  group: GroupFunctions,
  options: { readonly table: number; readonly digits: Digits; readonly out: number },
): void {
  const { table, digits, out } = options
  const { bits, windowCount } = digits
  const pointBytes = 2 * group.elementBytes
  const size = 1 << (bits - 1)
  infinity(kernel, group, out)
  for (let window = windowCount - 1; window >= 0; window -= 1) {
    for (let bit = bits - 1; bit >= 0; bit -= 1) {
      addProjective(group, out, out, out)
      const at = table + window * size * pointBytes
      if (bit < bits - 1) addAffine(kernel, group, out, at + (1 << bit) * pointBytes)
      if (bit === 0) addAffine(kernel, group, out, at)
    }
  }
}
