/**
 * Multi-scalar multiplication by the endomorphism (ZK-6): Σ k·P as Σ k₁·P + Σ k₂·φ(P), in the same
 * buckets. As many additions into buckets as for whole scalars, and half as many buckets to weigh.
 */

import type { GroupFunctions, Kernel } from '../kernel/kernel.ts'
import type { Digits } from './digits.ts'
import { isZeroHalf, type Halves } from './halves.ts'
import { multiplyPoints, type Terms } from './multiScalar.ts'
import type { PointTable } from './provingKey.ts'

/** Points, and the halves of all the scalars that they name by their index. */
export interface HalfTerms {
  readonly points: PointTable
  readonly halves: Halves
  /** Of these halves. */
  readonly digits: Digits
}

/** Writes the sum of all terms, whose digits have the same bits, projective to `out`. */
export function multiplyByHalves(
  kernel: Kernel,
  group: GroupFunctions,
  [first, ...others]: readonly [HalfTerms, ...(readonly HalfTerms[])],
  out: number,
): void {
  const mark = kernel.memory.mark()
  const doubled = ({ points, halves, digits }: HalfTerms): Terms => ({
    points: withImages(kernel, group, points, halves),
    digits,
  })
  multiplyPoints(kernel, group, [doubled(first), ...others.map(doubled)], out)
  kernel.memory.release(mark)
}

/**
 * A table in temporary memory, of the points whose k₁ is not zero, then φ of those whose k₂ is not.
 * The images cost one product each in G1, two in G2, and no memory between proofs.
 */
function withImages(
  { memory }: Kernel,
  group: GroupFunctions,
  { address, scalarIndexes }: PointTable,
  halves: Halves,
): PointTable {
  const gathered: number[] = []
  const named: number[] = []
  const take = (part: 0 | 1): void =>
    scalarIndexes.forEach((scalar, point) => {
      const half = 2 * scalar + part
      if (isZeroHalf(memory.words, halves, half)) return
      gathered.push(2 * point)
      named.push(half)
    })
  take(0)
  const plainCount = named.length
  take(1)
  const pointBytes = 2 * group.elementBytes
  const points = memory.take(named.length * pointBytes)
  const mark = memory.mark()
  const list = memory.take(4 * named.length)
  memory.words.set(gathered, list / 4)
  group.gather(named.length, list, address, points)
  group.images(named.length - plainCount, points + plainCount * pointBytes)
  memory.release(mark)
  return { address: points, scalarIndexes: Uint32Array.from(named) }
}
