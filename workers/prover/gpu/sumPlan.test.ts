import { describe, expect, it } from 'vitest'
import { seededGenerator } from '../../../src/core/emotion/testWindows.fixture.ts'
import type { Digits } from '../groth16/digits.ts'
import { noSum } from './sumCode.ts'
import { planSums, taskLengthMax, type PlannedTerms, type SumPlan } from './sumPlan.ts'

const next = seededGenerator(3)
const random = (limit: number): number => (next() >>> 0) % limit

/** Digits of small windows; `value(window, scalar)` gives each. */
function digitsOf(
  options: Pick<Digits, 'bits' | 'windowCount' | 'count'>,
  value: (window: number, scalar: number) => number,
): Digits {
  const { windowCount, count } = options
  const values = Int16Array.from({ length: windowCount * count }, (_, at) =>
    value(Math.floor(at / count), at % count),
  )
  return { ...options, values }
}

/** What the GPU would leave in each bucket if point k were the integer k + 1. */
function carriedOut({ list, rounds, places }: SumPlan): readonly number[] {
  let before = Array.from(list, (named) => ((named & 1) === 1 ? -1 : 1) * ((named >> 1) + 1))
  for (const tasks of rounds) {
    const sums: number[] = []
    for (let at = 0; at < tasks.length; at += 2) {
      const [start = 0, length = 0] = tasks.subarray(at, at + 2)
      expect(length).toBeLessThanOrEqual(taskLengthMax)
      const part = before.slice(start, start + length)
      expect(part).toHaveLength(length)
      sums.push(part.reduce((sum, value) => sum + value, 0))
    }
    before = sums
  }
  return Array.from(places, (place) => (place === noSum ? 0 : (before[place] ?? NaN)))
}

/** Bucket by bucket, as they are defined. */
function expectedOf(groups: readonly (readonly PlannedTerms[])[]): readonly number[] {
  const digits = groups[0]?.[0]?.digits
  const half = 1 << ((digits?.bits ?? 1) - 1)
  const windowCount = digits?.windowCount ?? 0
  const buckets = groups.flatMap(() => new Array<number>(windowCount * half).fill(0))
  groups.forEach((terms, group) => {
    for (const { first, scalarIndexes, digits } of terms) {
      scalarIndexes.forEach((scalar, point) => {
        for (let window = 0; window < windowCount; window += 1) {
          const digit = digits.values[window * digits.count + scalar] ?? 0
          if (digit === 0) continue
          const bucket = (group * windowCount + window) * half + Math.abs(digit) - 1
          buckets[bucket] = (buckets[bucket] ?? 0) + Math.sign(digit) * (first + point + 1)
        }
      })
    }
  })
  return buckets
}

describe('ZK-11 the plan of sums on a GPU', () => {
  it('puts each point into the buckets of its digits, in groups that share tables', () => {
    const sizes = { bits: 4, windowCount: 3, count: 50 }
    const digits = digitsOf(sizes, () => random(17) - 8)
    const others = digitsOf({ ...sizes, count: 7 }, () => random(17) - 8)
    const many = Uint32Array.from({ length: 400 }, () => random(50))
    const few = Uint32Array.from({ length: 9 }, () => random(7))
    const groups = [
      [{ first: 0, scalarIndexes: many, digits }],
      [
        { first: 400, scalarIndexes: few, digits: others },
        { first: 100, scalarIndexes: many.slice(0, 200), digits },
      ],
    ]
    expect(carriedOut(planSums(groups))).toEqual(expectedOf(groups))
  })

  it('sums one bucket of all points in rounds of bounded tasks', () => {
    const digits = digitsOf({ bits: 2, windowCount: 1, count: 1 }, () => -1)
    for (const length of [1, taskLengthMax, taskLengthMax + 1, taskLengthMax ** 2 + 1]) {
      const groups = [[{ first: 0, scalarIndexes: new Uint32Array(length), digits }]]
      const plan = planSums(groups)
      expect(carriedOut(plan)).toEqual(expectedOf(groups))
      const rounds = Math.max(1, Math.ceil(Math.log(length) / Math.log(taskLengthMax) - 1e-9))
      expect(plan.rounds).toHaveLength(rounds)
    }
  })

  it('leaves nothing to add where all digits are zero', () => {
    const digits = digitsOf({ bits: 3, windowCount: 2, count: 4 }, () => 0)
    const { list, places } = planSums([[{ first: 0, scalarIndexes: new Uint32Array(4), digits }]])
    expect(list).toHaveLength(0)
    expect([...places]).toEqual(new Array(8).fill(noSum))
  })
})
