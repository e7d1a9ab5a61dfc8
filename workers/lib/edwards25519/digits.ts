/** Scalars as signed digits, for the two ways to sum many multiples. */

import { scalarWords } from './scalars.ts'

/** A scalar below L has 253 bits; one more for the last carry. */
export const scalarBits = 254
/** The same for a coefficient of 128 bits. */
export const coefficientBits = 129

/** Where digits go: `digits[start + stride·k]`. */
export interface DigitPlace {
  readonly digits: Int8Array
  readonly start: number
  readonly stride: number
}

/**
 * Digits of windows of `bits` ≤ 8 bits, the lowest first: −2^(bits−1) ≤ digit < 2^(bits−1), except
 * the last, which takes what is left.
 */
export function writeWindows(
  words: Uint32Array,
  offset: number,
  bits: number,
  windowCount: number,
  { digits, start, stride }: DigitPlace,
): void {
  const [mask, half] = [(1 << bits) - 1, 1 << (bits - 1)]
  let carry = 0
  for (let window = 0, at = 0; window < windowCount; window += 1, at += bits) {
    const value = bitsAt(words, offset, at, mask) + carry
    carry = value >= half ? 1 : 0
    digits[start + stride * window] = value - (carry << bits)
  }
}

/**
 * Non-adjacent form: digits that are odd and below 2^(width−1) in magnitude, at least `width`
 * bits apart; bit `count − 1 − k` at place k. Places without a digit are left as they are, zero.
 */
export function writeSparse(
  words: Uint32Array,
  offset: number,
  width: number,
  count: number,
  { digits, start, stride }: DigitPlace,
): void {
  const [mask, half] = [(1 << width) - 1, 1 << (width - 1)]
  let carry = 0
  for (let bit = 0; bit < count;) {
    const value = bitsAt(words, offset, bit, mask) + carry
    if ((value & 1) === 0) {
      bit += 1
      continue
    }
    carry = value >= half ? 1 : 0
    digits[start + stride * (count - 1 - bit)] = value - (carry << width)
    bit += width
  }
}

function bitsAt(words: Uint32Array, offset: number, bit: number, mask: number): number {
  const word = bit >>> 5
  const shift = bit & 31
  const low = word < scalarWords ? (words[offset + word] ?? 0) >>> shift : 0
  if (shift === 0 || word + 1 >= scalarWords) return low & mask
  return (low | ((words[offset + word + 1] ?? 0) << (32 - shift))) & mask
}
