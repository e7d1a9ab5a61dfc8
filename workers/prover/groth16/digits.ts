/**
 * Scalars as signed digits: s = Σ digit·2^(c·w), |digit| ≤ 2^(c−1) (Pippenger's method).
 *
 * A scalar above r/2 is written as r minus a smaller one with the opposite sign, so that −1 costs
 * as little as 1; digits of small scalars are zero from some window on, and zero digits are free.
 */

import { fieldOrder } from '../../../src/core/emotion/field.ts'
import { limbCount, limbBits, limbMask, limbsOf } from '../kernel/limbs.ts'

/** `values[window * count + scalar]`, signed. */
export interface Digits {
  readonly values: Int16Array
  readonly count: number
  /** Bits of a window, c. */
  readonly bits: number
  readonly windowCount: number
}

const order = limbsOf(fieldOrder)
/** A scalar is at most (r − 1)/2 after the change of sign; one bit more for the last carry. */
const magnitudeBits = fieldOrder.toString(2).length

/** Reads `count` scalars below r from limbs at `address`. */
export function digitsOf(words: Uint32Array, address: number, count: number, bits: number): Digits {
  const windowCount = Math.ceil(magnitudeBits / bits)
  const values = new Int16Array(windowCount * count)
  const limbs = new Uint32Array(limbCount + 1)
  const [mask, half] = [(1 << bits) - 1, 1 << (bits - 1)]
  for (let scalar = 0; scalar < count; scalar += 1) {
    const sign = readMagnitude(words, address / 4 + scalar * limbCount, limbs)
    if (sign === 0) continue
    let carry = 0
    for (let window = 0, at = 0; window < windowCount; window += 1, at += bits) {
      const limb = Math.floor(at / limbBits)
      const shift = at - limbBits * limb
      const low = (limbs[limb] ?? 0) >>> shift
      const high = shift > limbBits - bits ? (limbs[limb + 1] ?? 0) << (limbBits - shift) : 0
      let digit = ((low | high) & mask) + carry
      // 1 if digit > half, and no branch that depends on the scalar.
      carry = (half - digit) >>> 31
      digit -= carry << bits
      values[window * count + scalar] = sign * digit
    }
  }
  return { values, count, bits, windowCount }
}

/** The smaller of s and r − s into `limbs`; its sign, 0 for zero. */
function readMagnitude(words: Uint32Array, from: number, limbs: Uint32Array): -1 | 0 | 1 {
  let any = 0
  for (let index = 0; index < limbCount; index += 1) {
    const limb = words[from + index] ?? 0
    limbs[index] = limb
    any |= limb
  }
  if (any === 0) return 0
  // The top limb decides but for scalars next to r/2, where either form has the same length.
  if ((limbs[limbCount - 1] ?? 0) * 2 <= (order[limbCount - 1] ?? 0)) return 1
  let borrow = 0
  for (let index = 0; index < limbCount; index += 1) {
    const difference = (order[index] ?? 0) - (limbs[index] ?? 0) - borrow
    borrow = difference < 0 ? 1 : 0
    limbs[index] = difference & limbMask
  }
  return -1
}
