import { bn254 } from '@noble/curves/bn254.js'
import { describe, expect, it } from 'vitest'
import { createKernel } from '../kernel/kernel.ts'
import {
  putPoints,
  putScalars,
  seededIntegers,
  type Coordinates,
} from '../kernel/memory.fixture.ts'
import { eigenvalue, shortVectors } from '../kernel/curve.ts'
import { digitsOf } from './digits.ts'
import { digitsOfHalves, splitScalars } from './halves.ts'
import { multiplyByHalves } from './halfSums.ts'
import { multiplyPoints } from './multiScalar.ts'
import { coordinatesOf, projectiveBytes } from './points.ts'

const order = bn254.G1.Point.Fn.ORDER
const kernel = createKernel()
const next = seededIntegers(21)

const g1Multiple = (scalar: bigint): Coordinates => {
  if (scalar === 0n) return []
  const { x, y } = bn254.G1.Point.BASE.multiplyUnsafe(scalar).toAffine()
  return [x, y]
}
const g2Multiple = (scalar: bigint): Coordinates => {
  if (scalar === 0n) return []
  const { x, y } = bn254.G2.Point.BASE.multiplyUnsafe(scalar).toAffine()
  return [x.c0, x.c1, y.c0, y.c1]
}
const groups = [
  { name: 'g1' as const, multiple: g1Multiple },
  { name: 'g2' as const, multiple: g2Multiple },
]

/** Points as multiples of the generator, so that the naive sum is one multiplication. */
interface Case {
  readonly points: readonly bigint[]
  readonly scalars: readonly bigint[]
}

const random = (count: number): readonly bigint[] =>
  Array.from({ length: count }, () => next(order - 1n) + 1n)
const repeated = (value: bigint, count: number): readonly bigint[] =>
  Array.from({ length: count }, () => value)

const cases: Readonly<Record<string, Case>> = {
  'no point': { points: [], scalars: [] },
  'one point': { points: random(1), scalars: random(1) },
  'zeros alone': { points: random(9), scalars: repeated(0n, 9) },
  'bits, small numbers and their negatives': {
    points: random(12),
    scalars: [
      0n,
      1n,
      1n,
      2n,
      order - 1n,
      order - 2n,
      65_535n,
      order - 65_536n,
      1n,
      0n,
      512n,
      1023n,
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
    points: repeated(5n, 33),
    scalars: repeated(order / 7n, 33),
  },
  'opposite points': { points: [3n, order - 3n, 3n, order - 3n], scalars: repeated(order / 5n, 4) },
  'opposite points with an odd one': { points: [3n, order - 3n, 8n], scalars: repeated(99n, 3) },
  'buckets that cancel when they are folded': { points: [7n, order - 7n], scalars: [1n, 1n << 8n] },
  'full size': { points: random(60), scalars: random(60) },
  'edges of the halves': {
    points: random(12),
    scalars: [
      eigenvalue,
      order - eigenvalue,
      eigenvalue + 1n,
      2n * eigenvalue,
      (eigenvalue * eigenvalue) % order,
      eigenvalue >> 1n,
      shortVectors.a,
      shortVectors.b,
      order - shortVectors.d,
      2n ** 125n,
      2n ** 126n,
      2n ** 127n - 1n,
    ],
  },
  // k·P and (−λ·k)·P: the first half of one is the other's second, up to the sign.
  'a point and its own image': {
    points: [9n, (9n * eigenvalue) % order, (9n * eigenvalue * eigenvalue) % order],
    scalars: repeated(order / 11n, 3),
  },
  'points at infinity among others': { points: [0n, 4n, 0n], scalars: random(3) },
}

type Form = 'whole' | 'in halves'
const forms: readonly (readonly [Form, number])[] = [
  ...[2, 5, 10, 11, 15].map((bits) => ['whole', bits] as const),
  ...[2, 11, 13].map((bits) => ['in halves', bits] as const),
]

describe.each(groups)('ZK-6 multi-scalar multiplication in $name', ({ name, multiple }) => {
  const group = kernel[name]

  function multiplied(
    { points, scalars }: Case,
    form: Form,
    bits: number,
  ): Coordinates | undefined {
    const { memory } = kernel
    const mark = memory.mark()
    const address = putPoints(kernel, group, points.map(multiple))
    const table = { address, scalarIndexes: Uint32Array.from(points.keys()) }
    const from = putScalars(kernel, scalars)
    const out = memory.take(projectiveBytes(group))
    if (form === 'whole') {
      const digits = digitsOf(memory.words, from, scalars.length, bits)
      multiplyPoints(kernel, group, [{ points: table, digits }], out)
    } else {
      const halves = splitScalars(kernel, from, scalars.length)
      const digits = digitsOfHalves(memory.words, halves, bits)
      multiplyByHalves(kernel, group, [{ points: table, halves, digits }], out)
    }
    const result = coordinatesOf(kernel, group, out)
    memory.release(mark)
    return result
  }

  describe.each(forms)('scalars %s, with digits of %i bits', (form, bits) => {
    it.each(Object.entries(cases))('%s', (_name, example) => {
      const sum = example.points.reduce(
        (total, point, index) => (total + point * (example.scalars[index] ?? 0n)) % order,
        0n,
      )
      expect(multiplied(example, form, bits)).toEqual(sum === 0n ? undefined : multiple(sum))
    })
  })

  it('two sums by halves in the same buckets, and random mixes of short and long scalars', () => {
    const { memory } = kernel
    for (let round = 0; round < 8; round += 1) {
      const mark = memory.mark()
      const parts = [random(5), random(9)].map((points) => {
        const scalars = points.map(() => {
          const small = next(2n ** next(130n))
          const [a, b] = [next(3n) - 1n, next(3n) - 1n]
          return (((a * small + b * eigenvalue * next(2n ** 20n)) % order) + order) % order
        })
        const address = putPoints(kernel, group, points.map(multiple))
        const halves = splitScalars(kernel, putScalars(kernel, scalars), scalars.length)
        return {
          points: { address, scalarIndexes: Uint32Array.from(points.keys()) },
          halves,
          digits: digitsOfHalves(memory.words, halves, 7),
          sum: points.reduce((sum, point, index) => sum + point * (scalars[index] ?? 0n), 0n),
        }
      })
      const [one, two] = parts
      const out = memory.take(projectiveBytes(group))
      const before = memory.mark()
      multiplyByHalves(kernel, group, [one!, two!], out)
      expect(memory.mark()).toBe(before)
      const sum = (one!.sum + two!.sum) % order
      expect(coordinatesOf(kernel, group, out)).toEqual(sum === 0n ? undefined : multiple(sum))
      memory.release(mark)
    }
  })

  it('takes the scalar that a point names, and drops nothing in long batches', () => {
    const scalars = random(7)
    const address = putPoints(kernel, group, repeated(1n, 5000).map(multiple))
    const digits = digitsOf(kernel.memory.words, putScalars(kernel, scalars), 7, 8)
    const scalarIndexes = Uint32Array.from({ length: 5000 }, (_, index) => (index * 3) % 7)
    const out = kernel.memory.take(projectiveBytes(group))
    multiplyPoints(kernel, group, [{ points: { address, scalarIndexes }, digits }], out)
    const sum = [...scalarIndexes].reduce((total, index) => total + (scalars[index] ?? 0n), 0n)
    expect(coordinatesOf(kernel, group, out)).toEqual(multiple(sum % order))
  })

  it('sums a bucket that is longer than what is summed at once, between two short ones', () => {
    const base = multiple(1n)
    const points = Array.from({ length: 8500 }, () => base)
    const address = putPoints(kernel, group, points)
    const digits = digitsOf(kernel.memory.words, putScalars(kernel, [1n, 2n, 3n]), 3, 4)
    const scalarIndexes = Uint32Array.from(points, (_, index) => [0, 2][index] ?? 1)
    const out = kernel.memory.take(projectiveBytes(group))
    multiplyPoints(kernel, group, [{ points: { address, scalarIndexes }, digits }], out)
    expect(coordinatesOf(kernel, group, out)).toEqual(multiple(1n + 3n + 2n * 8498n))
  })
})
