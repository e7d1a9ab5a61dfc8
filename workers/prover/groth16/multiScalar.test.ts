import { bn254 } from '@noble/curves/bn254.js'
import { describe, expect, it } from 'vitest'
import { createKernel } from '../kernel/kernel.ts'
import { putPoints, putScalars, type Coordinates } from '../kernel/memory.fixture.ts'
import { eigenvalue, shortVectors } from '../kernel/curve.ts'
import { digitsOf } from './digits.ts'
import { digitsOfHalves, splitScalars } from './halves.ts'
import { multiplyByHalves } from './halfSums.ts'
import { multiplyPoints } from './multiScalar.ts'
import { coordinatesOf, projectiveBytes } from './points.ts'
import {
  g1Multiple,
  next,
  order,
  random,
  repeated,
  sumCases,
  sumOf,
  type SumCase,
} from './sumCases.fixture.ts'

const kernel = createKernel()

const g2Multiple = (scalar: bigint): Coordinates => {
  if (scalar === 0n) return []
  const { x, y } = bn254.G2.Point.BASE.multiplyUnsafe(scalar).toAffine()
  return [x.c0, x.c1, y.c0, y.c1]
}
const groups = [
  { name: 'g1' as const, multiple: g1Multiple },
  { name: 'g2' as const, multiple: g2Multiple },
]

const cases: Readonly<Record<string, SumCase>> = {
  ...sumCases,
  'no point': { points: [], scalars: [] },
  'buckets that cancel when they are folded': { points: [7n, order - 7n], scalars: [1n, 1n << 8n] },
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
    { points, scalars }: SumCase,
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
      const sum = sumOf(example)
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
