/**
 * Elements of the field of 2^255 − 19: nine limbs of 29 bits in nine 32-bit words, little-endian.
 *
 * A *tight* element has limbs below 2^29 + 2^18 and a top limb below 2^23 + 8, so it is below 2·p;
 * one number has more than one form. Sums and differences may leave out the carries, see
 * `fieldCode.ts`.
 */

import { assert } from '../../../src/core/base/assert.ts'

export const prime = (1n << 255n) - 19n

export const limbBits = 29
export const limbCount = 9
export const limbMask = (1 << limbBits) - 1
/** Of the highest limb: 255 bits in all. */
export const topBits = 255 - limbBits * (limbCount - 1)
export const topMask = (1 << topBits) - 1
/** Of one element in the kernel's memory. */
export const elementBytes = 4 * limbCount
export const limbIndexes = Array.from({ length: limbCount }, (_, index) => index)

/** What a carry out of the highest limb counts: 2^255 = 19, and 2^261 = 19·2^6. */
export const wrapTop = 19
export const wrapFull = 19 << (limbBits * limbCount - 255)

export function limbsOf(value: bigint): readonly number[] {
  assert(value >= 0n && value >> 255n === 0n, 'an element has 255 bits')
  return limbIndexes.map((index) => Number((value >> BigInt(limbBits * index)) & BigInt(limbMask)))
}

export function integerOfLimbs(words: Uint32Array, offset: number): bigint {
  return limbIndexes.reduce(
    (sum, index) => sum + (BigInt(words[offset + index] ?? 0) << BigInt(limbBits * index)),
    0n,
  )
}
