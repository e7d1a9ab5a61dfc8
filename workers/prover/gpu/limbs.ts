/**
 * Field elements on the GPU: twenty limbs of 13 bits while they are computed with, eight words of
 * 32 bits while they are stored.
 *
 * WGSL has no product of 64 bits. Of limbs of 13 bits, a column of a Montgomery product sums at
 * most 2·20 products below 2^26, and stays below 2^32: no carry before the end. With 14 bits it
 * would not, and 16 bits need a carry with each product.
 *
 * In Montgomery form with R = 2^260. A stored element is below 2·p, which fits 256 bits; so one
 * number has two forms, and what leaves the GPU for more than the next step is reduced first.
 */

import { radix as kernelRadix } from '../kernel/limbs.ts'

export const limbBits = 13
export const limbCount = 20
export const limbMask = (1 << limbBits) - 1

/** R of the Montgomery form, before it is reduced. */
export const radix = 1n << BigInt(limbBits * limbCount)

/** Words of a stored element, little-endian. */
export const wordCount = 8

/** Limbs of 13 bits, little-endian, of a number below 2^260. */
export function limbsOf(value: bigint): readonly number[] {
  return Array.from({ length: limbCount }, (_, index) =>
    Number((value >> BigInt(limbBits * index)) & BigInt(limbMask)),
  )
}

/** As a factor of a Montgomery product on the GPU: from the kernel's form to the GPU's. */
export function factorFromKernel(prime: bigint): bigint {
  // x·2^261 times f over 2^260 is x·2^260 for f = 2^259.
  return (radix * radix * inverseOf(kernelRadix, prime)) % prime
}

/** As a factor of a Montgomery product in the kernel: from the GPU's form to the kernel's. */
export function factorToKernel(prime: bigint): bigint {
  return (kernelRadix * kernelRadix * inverseOf(radix, prime)) % prime
}

function inverseOf(value: bigint, prime: bigint): bigint {
  let result = 1n
  let square = value % prime
  for (let rest = prime - 2n; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % prime
    square = (square * square) % prime
  }
  return result
}
