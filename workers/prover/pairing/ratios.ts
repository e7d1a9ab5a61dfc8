/**
 * Points of the curve as Miller's loop takes them, −x/y and 1/y, from projective ones: −X/Y and
 * Z/Y. At infinity both are zero, and Y never is: the order of the curve is odd.
 */

import { ratioBytes } from '../kernel/lineCode.ts'
import { elementBytes } from '../kernel/limbs.ts'
import type { PairingKernel } from './pairingKernel.ts'

const projectiveBytes = 3 * elementBytes

/** `count` points side by side, with one inversion for all; `isNegated` takes −P for each P. */
export function writeRatios(
  kernel: PairingKernel,
  options: {
    readonly points: number
    readonly count: number
    readonly out: number
    readonly isNegated: boolean
  },
): void {
  const { points, count, out, isNegated } = options
  const { memory, fq, factors } = kernel
  const mark = memory.mark()
  // At index i the product of Y of all points before i; one before the first.
  const products = memory.take((count + 1) * elementBytes)
  const inverse = memory.take(elementBytes)
  const one = memory.take(elementBytes)
  memory.words.copyWithin(products / 4, factors / 4, (factors + elementBytes) / 4)
  const yOf = (index: number): number => points + index * projectiveBytes + elementBytes
  const before = (index: number): number => products + index * elementBytes
  for (let index = 0; index < count; index += 1) {
    fq.mul(before(index + 1), before(index), yOf(index))
  }
  fq.inverse(inverse, before(count))
  for (let index = count - 1; index >= 0; index -= 1) {
    fq.mul(one, inverse, before(index))
    fq.mul(inverse, inverse, yOf(index))
    const [x, z] = [yOf(index) - elementBytes, yOf(index) + elementBytes]
    const to = out + index * ratioBytes
    fq.mul(to, x, one)
    fq.mul(to + elementBytes, z, one)
    const negated = isNegated ? to + elementBytes : to
    fq.subAll(1, negated, 0, negated, 0)
  }
  memory.release(mark)
}
