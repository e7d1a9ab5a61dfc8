import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clampedQuotient, floorDivide, isqrt, lowerMedian } from './integers.ts'
import { lnSqrtQ16 } from './lnSqrt.ts'

describe('FIT-4 integer arithmetic', () => {
  it('takes floor roots', () => {
    for (let value = 0n; value < 1000n; value += 1n) {
      const root = isqrt(value)
      expect(root * root <= value && (root + 1n) * (root + 1n) > value).toBe(true)
    }
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 200n }), (value) => {
        const root = isqrt(value)
        return root * root <= value && (root + 1n) * (root + 1n) > value
      }),
    )
  })

  it('takes floor quotients beyond the precision of a division', () => {
    expect(floorDivide(9007199254740991, 3)).toBe(3002399751580330)
    expect(floorDivide(9007199254740990, 9007199254740991)).toBe(0)
  })

  it('clamps a quotient on both sides', () => {
    expect(clampedQuotient(-1, 7, 10)).toBe(0)
    expect(clampedQuotient(69, 7, 10)).toBe(9)
    expect(clampedQuotient(71, 7, 10)).toBe(10)
  })

  it('takes the lower median', () => {
    expect(lowerMedian([3, 1, 2])).toBe(2)
    expect(lowerMedian([4, 1, 3, 2])).toBe(2)
  })

  it('stays within 3 units of 65536·½·ln x', () => {
    const errorOf = (value: number): number =>
      Math.abs(lnSqrtQ16(value) - (65536 * Math.log(value)) / 2)
    let worst = 0
    for (let value = 1; value < 1 << 16; value += 1) worst = Math.max(worst, errorOf(value))
    // Every table step of every exponent, at its edges and between them.
    for (let value = 1 << 16; value < 1 << 27; value += value >> 10) {
      worst = Math.max(worst, errorOf(value))
    }
    worst = Math.max(worst, errorOf((1 << 27) - 1))
    expect(worst).toBeLessThan(3)
  })

  it('rises with its argument', () => {
    for (let value = 2; value < 1 << 15; value += 1) {
      expect(lnSqrtQ16(value)).toBeGreaterThanOrEqual(lnSqrtQ16(value - 1))
    }
  })
})
