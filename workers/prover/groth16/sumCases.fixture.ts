/** Sums of multiples of points that are hard to get right, on the processor as on a GPU. */

import { bn254 } from '@noble/curves/bn254.js'
import { seededIntegers, type Coordinates } from '../kernel/memory.fixture.ts'

export const order = bn254.G1.Point.Fn.ORDER
export const next = seededIntegers(21)

/** Points as multiples of the generator, so that the naive sum is one multiplication. */
export interface SumCase {
  readonly points: readonly bigint[]
  readonly scalars: readonly bigint[]
}

export const random = (count: number): readonly bigint[] =>
  Array.from({ length: count }, () => next(order - 1n) + 1n)
export const repeated = (value: bigint, count: number): readonly bigint[] =>
  Array.from({ length: count }, () => value)
export const opposites = (value: bigint, count: number): readonly bigint[] =>
  Array.from({ length: count }, (_, index) => (index % 2 === 0 ? value : order - value))

/** Of the generator; 0 for infinity. */
export function sumOf({ points, scalars }: SumCase): bigint {
  return points.reduce((sum, point, index) => (sum + point * (scalars[index] ?? 0n)) % order, 0n)
}

/** Affine, in G1; empty for infinity. */
export function g1Multiple(scalar: bigint): Coordinates {
  if (scalar === 0n) return []
  const { x, y } = bn254.G1.Point.BASE.multiplyUnsafe(scalar).toAffine()
  return [x, y]
}

export const sumCases: Readonly<Record<string, SumCase>> = {
  'one point': { points: random(1), scalars: random(1) },
  'zeros alone': { points: random(9), scalars: repeated(0n, 9) },
  'bits, small numbers and their negatives': {
    points: random(12),
    scalars: [
      ...[0n, 1n, 1n, 2n, order - 1n, order - 2n],
      ...[65_535n, order - 65_536n, 1n, 0n, 512n, 1023n],
    ],
  },
  'edges of the change of sign': {
    points: random(6),
    scalars: [(order - 1n) / 2n, (order + 1n) / 2n, order - 1n, 2n ** 253n, 2n ** 252n, order / 3n],
  },
  'edges of the digits': {
    points: random(6),
    scalars: [511n, 512n, 513n, 2n ** 250n - 1n, 2n ** 240n + 2n ** 9n, (2n ** 250n - 1n) / 3n],
  },
  // One bucket of equal points doubles in every round; opposites meet at infinity.
  'equal points with equal scalars': {
    points: repeated(5n, 40),
    scalars: repeated(order / 7n, 40),
  },
  'opposite points': { points: opposites(3n, 4), scalars: repeated(order / 5n, 4) },
  'opposite points with an odd one': { points: opposites(3n, 35), scalars: repeated(99n, 35) },
  'full size': { points: random(60), scalars: random(60) },
}
