/**
 * Scalars in halves, k ≡ k₁ + k₂·λ modulo r, and the signed digits of the halves: half the windows
 * of `digits.ts`, for twice as many terms.
 */

import { halfBits } from '../kernel/curve.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { limbBits } from '../kernel/limbs.ts'
import { halfLimbs, splitBytes } from '../kernel/splitCode.ts'
import type { Digits } from './digits.ts'

/**
 * In the kernel's memory: k₁ of the first scalar, its k₂, k₁ of the second, and so on. Each is
 * `halfLimbs` words in two's complement, of which the last has the sign.
 */
export interface Halves {
  readonly address: number
  /** Twice that of the scalars. */
  readonly count: number
}

/** In temporary memory, from `count` scalars below r as plain limbs. */
export function splitScalars({ memory, fr }: Kernel, scalars: number, count: number): Halves {
  const address = memory.take(count * splitBytes)
  fr.split(count, scalars, address)
  return { address, count: 2 * count }
}

export function isZeroHalf(words: Uint32Array, { address }: Halves, half: number): boolean {
  const from = address / 4 + half * halfLimbs
  for (let limb = from; limb < from + halfLimbs; limb += 1) {
    if (words[limb] !== 0) return false
  }
  return true
}

/** Digits of all halves. A negative one needs no change of sign: its last digit is negative. */
export function digitsOfHalves(words: Uint32Array, halves: Halves, bits: number): Digits {
  const { address, count } = halves
  // One bit for the sign.
  const windowCount = Math.ceil((halfBits + 1) / bits)
  const values = new Int16Array(windowCount * count)
  const [mask, most] = [(1 << bits) - 1, 1 << (bits - 1)]
  for (let half = 0; half < count; half += 1) {
    if (isZeroHalf(words, halves, half)) continue
    let [limb, shift, carry] = [address / 4 + half * halfLimbs, 0, 0]
    for (let at = half; at < values.length; at += count) {
      // As signed words: the last limb has its sign in all upper bits, the others are positive.
      const low = ((words[limb] ?? 0) | 0) >> shift
      const isCut = shift > limbBits - bits
      const high = isCut ? (words[limb + 1] ?? 0) << (limbBits - shift) : 0
      const digit = ((low | high) & mask) + carry
      // 1 if digit > most, and no branch that depends on the scalar.
      carry = (most - digit) >>> 31
      values[at] = digit - (carry << bits)
      shift += bits
      if (shift >= limbBits) {
        shift -= limbBits
        limb += 1
      }
    }
  }
  return { values, count, bits, windowCount }
}
