import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scalarBits, writeSparse, writeWindows } from './digits.ts'
import { groupOrder, scalarWords, writeScalar } from './scalars.ts'

const scalars = fc.oneof(
  fc.constantFrom(0n, 1n, groupOrder - 1n, (1n << 252n) - 1n, (1n << 128n) - 1n),
  fc.bigInt({ min: 0n, max: groupOrder - 1n }),
)
const stride = 3

/** Words of a scalar between two others, so that reading beside it shows. */
function wordsOf(scalar: bigint): Uint32Array {
  const words = new Uint32Array(3 * scalarWords).fill(0xffff_ffff)
  writeScalar(words, scalarWords, scalar)
  return words
}

describe('SIG-1 digits of a scalar', () => {
  it('windows add up to it and stay within their buckets', () => {
    fc.assert(
      fc.property(scalars, fc.integer({ min: 4, max: 8 }), (scalar, bits) => {
        const count = Math.ceil(scalarBits / bits)
        const digits = new Int8Array(stride * count)
        writeWindows(wordsOf(scalar), scalarWords, bits, count, { digits, start: 1, stride })
        let sum = 0n
        for (let window = count - 1; window >= 0; window -= 1) {
          const digit = digits[1 + stride * window] ?? NaN
          expect(Math.abs(digit)).toBeLessThanOrEqual(1 << (bits - 1))
          sum = (sum << BigInt(bits)) + BigInt(digit)
        }
        expect(sum).toBe(scalar)
      }),
    )
  })

  it('sparse ones add up to it, are odd and lie apart', () => {
    fc.assert(
      fc.property(scalars, fc.constantFrom(5, 8), (scalar, width) => {
        const digits = new Int8Array(stride * scalarBits)
        const place = { digits, start: 2, stride }
        writeSparse(wordsOf(scalar), scalarWords, width, scalarBits, place)
        let sum = 0n
        let sinceLast: number = width
        for (let bit = 0; bit < scalarBits; bit += 1) {
          const digit = digits[2 + stride * bit] ?? NaN
          sum = 2n * sum + BigInt(digit)
          sinceLast += 1
          if (digit === 0) continue
          expect(Math.abs(digit) % 2).toBe(1)
          expect(Math.abs(digit)).toBeLessThan(1 << (width - 1))
          expect(sinceLast).toBeGreaterThanOrEqual(width)
          sinceLast = 0
        }
        expect(sum).toBe(scalar)
      }),
    )
  })
})
