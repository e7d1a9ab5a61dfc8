import { expect, it } from 'vitest'
import { fieldOrder } from '../../../src/core/emotion/field.ts'
import { baseFieldOrder } from '../../../src/core/emotion/proofCodec.ts'
import { radix as kernelRadix } from '../kernel/limbs.ts'
import { inverse } from '../kernel/memory.fixture.ts'
import { factorFromKernel, factorToKernel, limbBits, limbCount, limbsOf, radix } from './limbs.ts'

it('ZK-11 columns of a product on the GPU stay below 2^32', () => {
  const limbMax = 2 ** limbBits - 1
  // Two products for each row, and what is carried into the lowest column.
  expect(2 * limbCount * limbMax ** 2 + 2 ** (32 - limbBits)).toBeLessThan(2 ** 32)
  // One bit more would not do.
  expect(2 * limbCount * (2 * limbMax) ** 2).toBeGreaterThan(2 ** 32)
})

it.each([baseFieldOrder, fieldOrder])(
  'ZK-11 a product stays below 2p for factors up to 8p',
  (p) => {
    expect(64n * p).toBeLessThan(radix)
    // A stored element, below 2p, fits eight words.
    expect(2n * p).toBeLessThan(1n << 256n)
  },
)

it.each([baseFieldOrder, fieldOrder])('ZK-11 forms of kernel and GPU, there and back', (p) => {
  const value = 123_456_789n ** 9n % p
  const inKernel = (value * kernelRadix) % p
  const onGpu = (inKernel * factorFromKernel(p) * inverse(radix, p)) % p
  expect(onGpu).toBe((value * radix) % p)
  expect((onGpu * factorToKernel(p) * inverse(kernelRadix, p)) % p).toBe(inKernel)
})

it('ZK-11 limbs are the number in base 2^13', () => {
  const value = (1n << 259n) + 3n * (1n << 250n) + 8191n
  const sum = limbsOf(value).reduce(
    (total, limb, at) => total + BigInt(limb) * 8192n ** BigInt(at),
    0n,
  )
  expect(sum).toBe(value)
})
