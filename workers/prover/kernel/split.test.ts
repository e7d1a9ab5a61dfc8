import { bn254 } from '@noble/curves/bn254.js'
import { describe, expect, it } from 'vitest'
import { eigenvalue, halfBits, shortVectors } from './curve.ts'
import { createKernel } from './kernel.ts'
import { limbBits } from './limbs.ts'
import { putScalars, seededIntegers } from './memory.fixture.ts'
import { halfLimbs, splitBytes } from './splitCode.ts'

const order = bn254.G1.Point.Fn.ORDER
const kernel = createKernel()
const next = seededIntegers(54)
const { a, b, d } = shortVectors

function splitAll(scalars: readonly bigint[]): readonly (readonly [bigint, bigint])[] {
  const mark = kernel.memory.mark()
  const from = putScalars(kernel, scalars)
  const out = kernel.memory.take(scalars.length * splitBytes)
  kernel.fr.split(scalars.length, from, out)
  const words = kernel.memory.words.slice(out / 4, out / 4 + 2 * halfLimbs * scalars.length)
  kernel.memory.release(mark)
  return scalars.map((_, index) => [halfAt(words, 2 * index), halfAt(words, 2 * index + 1)])
}

/** Four limbs of 29 bits, and one with the sign. */
function halfAt(words: Uint32Array, half: number): bigint {
  const limbs = [...words.subarray(half * halfLimbs, (half + 1) * halfLimbs)]
  const last = limbs.pop() ?? 0
  expect(limbs.every((limb) => limb < 2 ** limbBits)).toBe(true)
  return limbs.reduceRight(
    (value, limb) => (value << BigInt(limbBits)) | BigInt(limb),
    BigInt(last | 0),
  )
}

function expectShort(scalars: readonly bigint[]): void {
  splitAll(scalars).forEach(([first, second], index) => {
    const sum = (((first + second * eigenvalue) % order) + order) % order
    expect(sum).toBe(scalars[index])
    for (const half of [first, second]) {
      expect(half < 2n ** BigInt(halfBits) && -half < 2n ** BigInt(halfBits)).toBe(true)
    }
  })
}

describe('ZK-6 scalars in halves for the endomorphism', () => {
  it('λ is a cube root of one, and the vectors are a basis of its lattice', () => {
    expect((eigenvalue ** 2n + eigenvalue + 1n) % order).toBe(0n)
    expect((a + b * eigenvalue) % order).toBe(0n)
    expect((b - d * eigenvalue) % order).toBe(0n)
    expect(a * d + b * b).toBe(order)
  })

  it('k ≡ k₁ + k₂·λ with halves of 126 bits: edges', () => {
    const near = (value: bigint): readonly bigint[] => [value - 1n, value, value + 1n]
    const middles = [eigenvalue, order - eigenvalue, a, b, d, a - b, order / 2n, order / 3n]
    const powers = Array.from({ length: 253 }, (_, bit) => 1n << BigInt(bit))
    expectShort([0n, 1n, 2n, order - 1n, order - 2n, ...middles.flatMap(near)])
    expectShort(powers.flatMap((power) => [power, power - 1n, order - power]))
    expectShort(Array.from({ length: 64 }, (_, index) => (eigenvalue * BigInt(index + 2)) % order))
  })

  it('k ≡ k₁ + k₂·λ with halves of 126 bits: where a quotient is rounded, and the longest', () => {
    // k·d/r and k·b/r next to a half of an odd number.
    const atHalves = [d, b].flatMap((factor) =>
      Array.from({ length: 300 }, (_, index) => {
        const odd = 2n * (index < 3 ? BigInt(index) : next(factor)) + 1n
        return (odd * order) / (2n * factor)
      }).flatMap((scalar) => [scalar, scalar + 1n]),
    )
    expectShort(atHalves.map((scalar) => scalar % order))
    // The corners of the lattice's cell: half of both vectors.
    const corners = [
      [a + b, b - d],
      [a - b, b + d],
    ].flatMap(([u = 0n, v = 0n]) =>
      [-1n, 0n, 1n].map((off) => u / 2n + off + (v / 2n) * eigenvalue),
    )
    expectShort(corners.map((scalar) => ((scalar % order) + order) % order))
  })

  it('k ≡ k₁ + k₂·λ with halves of 126 bits: 2,000 at random', () => {
    expectShort(Array.from({ length: 2000 }, () => next(order)))
  })

  it('keeps a short scalar and its negative whole: their second half is zero', () => {
    const short = [0n, 1n, 2n ** 64n + 5n, 2n ** 125n - 1n]
    expect(splitAll(short)).toEqual(short.map((scalar) => [scalar, 0n]))
    const negative = short.slice(1)
    expect(splitAll(negative.map((scalar) => order - scalar))).toEqual(
      negative.map((scalar) => [-scalar, 0n]),
    )
  })

  it('writes as many as it is asked for', () => {
    const from = putScalars(kernel, [3n, 4n])
    const out = kernel.memory.take(2 * splitBytes)
    kernel.memory.words.fill(7, out / 4, out / 4 + (2 * splitBytes) / 4)
    kernel.fr.split(0, from, out)
    expect(kernel.memory.words[out / 4]).toBe(7)
    kernel.fr.split(1, from, out)
    const words = kernel.memory.words.slice(out / 4, out / 4 + (2 * splitBytes) / 4)
    expect([...words]).toEqual([3, 0, 0, 0, 0, 0, 0, 0, 0, 0, ...new Array<number>(10).fill(7)])
  })
})
