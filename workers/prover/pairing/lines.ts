/**
 * The lines of Miller's loop for points of the twist, and whether each point is in the subgroup of
 * order r (ZK-4).
 *
 * Points are doubled and added in affine form, all with one inversion for each step. The loop ends
 * with 6x + 2 + ψ − ψ² times the point, ψ the map of Frobenius on the twist. Together with ψ³ that
 * is zero on the subgroup, where ψ is multiplication by q, and nowhere else: the norm of
 * 6x + 2 + ψ − ψ² + ψ³ in Z[ψ] and the order of the twist have no factor in common but r
 * (https://eprint.iacr.org/2022/348, section 4). Additions are complete, so that a point of any
 * order gives the right verdict; lines of a point outside of the subgroup mean nothing.
 */

import { slotBytes } from '../kernel/groupCode.ts'
import { lineBytes } from '../kernel/lineCode.ts'
import { lineCount, loopDigits } from './constants.ts'
import { conjugatePair, negatePair, pairBytes, type PairingKernel } from './pairingKernel.ts'

const pointBytes = 2 * pairBytes

/** Lines of `count` points: those of a step side by side, step after step. */
export interface Lines {
  readonly address: number
  readonly count: number
}

/** Bytes that the lines of so many points take. */
export function linesBytes(count: number): number {
  return lineCount * count * lineBytes
}

/**
 * Writes the lines of affine points to `out.address`. For each point whether it is in the subgroup.
 */
export function prepareLines(
  kernel: PairingKernel,
  points: number,
  out: Lines,
): readonly boolean[] {
  const { memory } = kernel
  const { count } = out
  const mark = memory.mark()
  const bytes = count * pointBytes
  const [sums, copies, negated, mapped] = [0, 0, 0, 0].map(() => memory.take(bytes)) as [
    number,
    number,
    number,
    number,
  ]
  const pairs = memory.take(8 * count)
  const scratch = memory.take(count * slotBytes(pairBytes))
  const copy = (to: number, from: number): void => {
    memory.words.copyWithin(to / 4, from / 4, (from + bytes) / 4)
  }
  let lines = out.address
  /** sums ← sums + others. */
  const addAll = (others: number): void => {
    const words = memory.words
    for (let index = 0; index < count; index += 1) {
      words[pairs / 4 + 2 * index] = sums + index * pointBytes
      words[pairs / 4 + 2 * index + 1] = others + index * pointBytes
    }
    kernel.g2.addPairs(count, pairs, scratch)
  }
  const step = (others: number): void => {
    addAll(others)
    kernel.fq12.lines(count, pairs, scratch, lines)
    lines += count * lineBytes
  }

  copy(sums, points)
  negate(kernel, negated, points, count)
  for (const digit of loopDigits) {
    copy(copies, sums)
    step(copies)
    if (digit !== 0) step(digit === 1 ? points : negated)
  }
  mapAll(kernel, mapped, points, count)
  step(mapped)
  mapAll(kernel, mapped, mapped, count)
  negate(kernel, negated, mapped, count)
  step(negated)
  mapAll(kernel, mapped, mapped, count)
  addAll(mapped)
  const verdicts = Array.from({ length: count }, (_, index) => {
    const from = (sums + index * pointBytes) / 4
    return memory.words.subarray(from, from + pointBytes / 4).every((word) => word === 0)
  })
  memory.release(mark)
  return verdicts
}

function negate(kernel: PairingKernel, out: number, points: number, count: number): void {
  const words = kernel.memory.words
  for (let at = 0; at < count * pointBytes; at += pointBytes) {
    words.copyWithin((out + at) / 4, (points + at) / 4, (points + at + pairBytes) / 4)
    negatePair(kernel, out + at + pairBytes, points + at + pairBytes)
  }
}

/** ψ: both coordinates conjugated and times ξ^((q − 1)/3), ξ^((q − 1)/2). `out` may be `points`. */
function mapAll(kernel: PairingKernel, out: number, points: number, count: number): void {
  for (let at = 0; at < count * pointBytes; at += pointBytes) {
    for (const [offset, power] of [
      [0, 2],
      [pairBytes, 3],
    ] as const) {
      const to = out + at + offset
      conjugatePair(kernel, to, points + at + offset)
      kernel.fq2.mul(to, to, kernel.factors + power * pairBytes)
    }
  }
}
