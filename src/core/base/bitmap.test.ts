import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bitmapOf, bitmapsOverlap, bitmapUnion, indicesOf } from './bitmap.ts'

const sets = fc.integer({ min: 1, max: 10_000 }).chain((count) =>
  fc.record({
    count: fc.constant(count),
    one: fc.uniqueArray(fc.nat(count - 1), { maxLength: 60 }),
    other: fc.uniqueArray(fc.nat(count - 1), { maxLength: 60 }),
  }),
)

describe('BFT-11, CKPT-1: bitmaps of seats and voters', () => {
  it('say who is in them, and nothing else', () => {
    fc.assert(
      fc.property(sets, ({ count, one, other }) => {
        const [left, right] = [bitmapOf(count, one), bitmapOf(count, other)]
        expect(left.length).toBe(Math.ceil(count / 8))
        expect(indicesOf(count, left)).toEqual(one.toSorted((a, b) => a - b))
        const shared = one.filter((index) => other.includes(index))
        expect(bitmapsOverlap(left, right)).toBe(shared.length > 0)
        const union = [...new Set([...one, ...other])].toSorted((a, b) => a - b)
        expect(indicesOf(count, bitmapUnion(left, right))).toEqual(union)
      }),
    )
  })

  it('have one form: not longer, not shorter, no bit above the set', () => {
    for (const count of [1, 7, 8, 9, 9_999, 10_000]) {
      const sizeBytes = Math.ceil(count / 8)
      expect(indicesOf(count, new Uint8Array(sizeBytes))).toEqual([])
      expect(indicesOf(count, new Uint8Array(sizeBytes + 1))).toBeUndefined()
      expect(indicesOf(count, new Uint8Array(sizeBytes - 1))).toBeUndefined()
      for (let bit = count; bit < 8 * sizeBytes; bit += 1) {
        const above = new Uint8Array(sizeBytes)
        above[bit >> 3] = 1 << (bit & 7)
        expect(indicesOf(count, above)).toBeUndefined()
      }
    }
  })
})
