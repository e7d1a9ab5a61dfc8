/**
 * Field elements of the kernel: nine limbs of 29 bits in nine 32-bit words, little-endian.
 *
 * In Montgomery form with R = 2^261. An element in memory is below 2·p, so one number has two
 * forms; what leaves the kernel is reduced first.
 */

import { assert } from '../../../src/core/base/assert.ts'

export const limbBits = 29
export const limbCount = 9
export const limbMask = (1 << limbBits) - 1
/** Of one element in the kernel's memory; a limb takes a word of 32 bits. */
export const elementBytes = 4 * limbCount

/** R of the Montgomery form, before it is reduced. */
export const radix = 1n << BigInt(limbBits * limbCount)

/** Words of an element outside the kernel: 32 bytes, little-endian. */
export const plainWords = 8

export function limbsOf(value: bigint): readonly number[] {
  assert(value >= 0n && value < radix, 'a kernel element has 261 bits')
  return Array.from({ length: limbCount }, (_, index) =>
    Number((value >> BigInt(limbBits * index)) & BigInt(limbMask)),
  )
}

export function integerOfLimbs(words: Uint32Array, offset: number): bigint {
  let value = 0n
  for (let index = limbCount - 1; index >= 0; index -= 1) {
    value = (value << BigInt(limbBits)) | BigInt(words[offset + index] ?? 0)
  }
  return value
}

/** Eight words of 32 bits at `from` to nine limbs at `to`. */
export function packLimbs(
  source: Uint32Array,
  from: number,
  target: Uint32Array,
  to: number,
): void {
  for (let index = 0; index < limbCount; index += 1) {
    const bit = limbBits * index
    const word = from + (bit >>> 5)
    const shift = bit & 31
    const low = (source[word] ?? 0) >>> shift
    const isSplit = shift > 32 - limbBits && index < limbCount - 1
    const high = isSplit ? (source[word + 1] ?? 0) << (32 - shift) : 0
    target[to + index] = (low | high) & limbMask
  }
}

/** The inverse: nine limbs of a number below 2^256 to eight words. */
export function unpackLimbs(
  source: Uint32Array,
  from: number,
  target: Uint32Array,
  to: number,
): void {
  for (let word = 0; word < plainWords; word += 1) {
    const bit = 32 * word
    const first = Math.floor(bit / limbBits)
    const shift = bit - limbBits * first
    let value = (source[from + first] ?? 0) >>> shift
    for (let limb = first + 1, at = limbBits - shift; at < 32; limb += 1, at += limbBits) {
      if (limb < limbCount) value |= (source[from + limb] ?? 0) << at
    }
    target[to + word] = value
  }
}
