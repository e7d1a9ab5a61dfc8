import { bn254 } from '@noble/curves/bn254.js'
import { describe, expect, it } from 'vitest'
import { baseFieldOrder } from '../../../src/core/emotion/proofCodec.ts'
import { projectiveBytes } from '../groth16/points.ts'
import { curveParameter } from '../kernel/curve.ts'
import { ratioBytes } from '../kernel/lineCode.ts'
import { seededIntegers } from '../kernel/memory.fixture.ts'
import { linesBytes, prepareLines } from './lines.ts'
import { productIsOne } from './pairing.ts'
import { createPairingKernel, pairBytes } from './pairingKernel.ts'
import { writeRatios } from './ratios.ts'
import { coordinatesOf, pointOfSmallOrder, pointOutside, times } from './twistPoints.fixture.ts'
import { putG2, putProjective } from './verifyingKey.ts'

const { G1, G2 } = bn254
const order = G1.Point.Fn.ORDER
const kernel = createPairingKernel()
const { memory, g1 } = kernel
const next = seededIntegers(41)

type TwistPoint = typeof G2.Point.BASE

function subgroupVerdicts(points: readonly TwistPoint[]): readonly boolean[] {
  const count = points.length
  const mark = memory.mark()
  const lines = { address: memory.take(linesBytes(count)), count }
  const address = memory.take(count * 2 * pairBytes)
  points.forEach((point, index) =>
    putG2(kernel, address + index * 2 * pairBytes, coordinatesOf(point)),
  )
  const verdicts = prepareLines(kernel, address, lines)
  memory.release(mark)
  return verdicts
}

/** Factors of the generators; 0 in the first is infinity. */
type Factors = readonly (readonly [bigint, bigint])[]

function isOne(factors: Factors): boolean {
  const count = factors.length
  const mark = memory.mark()
  const lines = { address: memory.take(linesBytes(count)), count }
  const twisted = memory.take(count * 2 * pairBytes)
  const points = memory.take(count * projectiveBytes(g1))
  const ratios = memory.take(count * ratioBytes)
  factors.forEach(([left, right], index) => {
    const to = points + index * projectiveBytes(g1)
    const { x, y } = G1.Point.BASE.multiplyUnsafe(left === 0n ? 1n : left).toAffine()
    putProjective(kernel, to, [x, y])
    // (0, Y, 0): any Y is infinity.
    if (left === 0n) {
      memory.putElement(to, 0n)
      memory.putElement(to + (2 * projectiveBytes(g1)) / 3, 0n)
    }
    putG2(
      kernel,
      twisted + index * 2 * pairBytes,
      coordinatesOf(G2.Point.BASE.multiplyUnsafe(right)),
    )
  })
  expect(prepareLines(kernel, twisted, lines)).toEqual(factors.map(() => true))
  writeRatios(kernel, { points, count, out: ratios, isNegated: false })
  const pairs = factors.map((_, index) => ({ lines, index, ratios: ratios + index * ratioBytes }))
  const result = productIsOne(kernel, pairs)
  memory.release(mark)
  return result
}

describe('ZK-4 products of pairings', () => {
  const random = (): bigint => next(order - 1n) + 1n

  it('is one just when the factors’ products add up to zero', () => {
    for (let round = 0; round < 12; round += 1) {
      const [a, b, c, d] = [random(), random(), random(), random()]
      const last = (order - ((a * b + c * d) % order)) % order
      expect(
        isOne([
          [a, b],
          [c, d],
          [last, 1n],
        ]),
      ).toBe(true)
      expect(
        isOne([
          [a, b],
          [c, d],
          [(last + 1n) % order, 1n],
        ]),
      ).toBe(false)
      expect(
        isOne([
          [a, b],
          [order - b, a],
        ]),
      ).toBe(true)
      expect(
        isOne([
          [a, b],
          [b, a],
        ]),
      ).toBe(false)
    }
  })

  it('says of random pairs what @noble/curves says', () => {
    for (const isBalanced of [true, false, true]) {
      const [a, b] = [random(), random()]
      const second = isBalanced ? order - ((a * b) % order) : random()
      const pairs = [
        { g1: G1.Point.BASE.multiplyUnsafe(a), g2: G2.Point.BASE.multiplyUnsafe(b) },
        { g1: G1.Point.BASE.multiplyUnsafe(second), g2: G2.Point.BASE },
      ]
      const { Fp12 } = bn254.fields
      const reference = Fp12.eql(bn254.pairingBatch(pairs), Fp12.ONE)
      expect(reference).toBe(isBalanced)
      expect(
        isOne([
          [a, b],
          [second, 1n],
        ]),
      ).toBe(reference)
    }
  })

  it('takes points at infinity, equal points and no points', () => {
    expect(isOne([])).toBe(true)
    expect(isOne([[0n, 5n]])).toBe(true)
    expect(isOne([[1n, 1n]])).toBe(false)
    expect(
      isOne([
        [1n, 1n],
        [order - 1n, 1n],
        [0n, 7n],
      ]),
    ).toBe(true)
    expect(
      isOne([
        [2n, 1n],
        [0n, 7n],
        [order - 1n, 1n],
        [order - 1n, 1n],
      ]),
    ).toBe(true)
  })
})

describe('ZK-4 the subgroup of the twist', () => {
  it('holds multiples of the generator', () => {
    const factors = [1n, 2n, 12_345n, order - 1n, order - 2n, next(order), next(order)]
    const points = factors.map((factor) => G2.Point.BASE.multiplyUnsafe(factor))
    expect(subgroupVerdicts(points)).toEqual(points.map(() => true))
  })

  it('holds no other point: of any order, of a small one, of r times a small one', () => {
    const outside = [1n, 50n, 100n, 150n, 200n].map(pointOutside)
    const small = pointOfSmallOrder(1n)
    expect(times(small, 10_069n).is0()).toBe(true)
    expect(small.is0()).toBe(false)
    const multiples = [1n, 2n, 3n, 4n, 5n, 6n, 77n, 10_068n].map((factor) => times(small, factor))
    const mixed = [1n, 9n].map((factor) => small.add(G2.Point.BASE.multiplyUnsafe(factor)))
    const points = [...outside, ...multiples, ...mixed]
    expect(subgroupVerdicts(points)).toEqual(points.map(() => false))
  })

  it('judges each of a batch by itself', () => {
    const good = G2.Point.BASE.multiplyUnsafe(3n)
    const bad = [pointOutside(7n), pointOfSmallOrder(9n)] as const
    const points = [good, bad[0], good, bad[1], good]
    expect(subgroupVerdicts(points)).toEqual([true, false, true, false, true])
    expect(subgroupVerdicts([])).toEqual([])
  })

  it('rests on a norm that shares only r with the order of the twist', () => {
    // ψ² = t·ψ − q on the twist, so that 6x + 2 + ψ − ψ² + ψ³ is c + d·ψ.
    const trace = baseFieldOrder + 1n - order
    const c = 6n * curveParameter + 2n + baseFieldOrder - trace * baseFieldOrder
    const d = 1n - trace + trace * trace - baseFieldOrder
    const norm = c * c + c * d * trace + d * d * baseFieldOrder
    let [left, right] = [norm, order * (2n * baseFieldOrder - order)]
    while (right !== 0n) [left, right] = [right, left % right]
    expect(left).toBe(order)
  })
})
