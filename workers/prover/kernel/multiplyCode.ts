/**
 * Emits Montgomery multiplication on nine limbs of 29 bits, unrolled.
 *
 * Products of limbs have 58 bits, so up to 64 of them are summed in 64 bits without a carry: one
 * pass of carries at the end is enough. Row by row: t ← (t + xᵢ·y + qᵢ·M)/2^29, where M is the
 * multiple of p that is −1 modulo 2^29. There qᵢ is the low limb of t itself and needs no
 * multiplication. M is up to 2^29 times longer than p, so the last row takes p as usual.
 *
 * Bound: (x·y)/R + (k/2^29 + 1)·p with M = k·p. R > 169·p, and k/2^29 is 0.15 for the base field
 * and 0.5 for the scalar field: below 2·p while the factors, as multiples of p, have a product of
 * at most 80.
 */

import { i64, type Code } from '../../lib/wasm/code.ts'
import type { Body, Local } from '../../lib/wasm/moduleBuilder.ts'
import { limbBits, limbCount, limbMask, limbsOf, radix } from './limbs.ts'

/** Addresses of the two factors of one product. */
export type Factors = readonly [left: Code, right: Code]

const indexes = Array.from({ length: limbCount }, (_, index) => index)
const limbModulus = 1n << BigInt(limbBits)

/** Stores Σ left·right/R, below 2·p, at `out`; which may be where a factor is. */
export function multiplyCode(
  body: Body,
  prime: bigint,
  out: Code,
  products: readonly Factors[],
): Code {
  const rights = products.map(() => indexes.map(() => body.local('i64')))
  const sums = indexes.map(() => body.local('i64'))
  const left = products.map(() => body.local('i64'))
  const quotient = body.local('i64')
  const load = products.map(([, right], product) =>
    indexes.map((index) => rights[product]?.[index]?.set(i64.load32(right, 4 * index)) ?? []),
  )
  const rows = indexes.map((row): Code => {
    const loadRow = products.map(
      ([address], product) => left[product]?.set(i64.load32(address, 4 * row)) ?? [],
    )
    const terms = (index: number): readonly Code[] =>
      products.map((_, product) =>
        i64.mul(left[product]?.get ?? [], rights[product]?.[index]?.get ?? []),
      )
    const add = sums.map((sum, index) =>
      sum.set((row === 0 ? terms(index) : [sum.get, ...terms(index)]).reduce(sumOf)),
    )
    return [loadRow, add, reduceRow(prime, sums, quotient, row === limbCount - 1)]
  })
  return [load, rows, storeCarried(sums, out)]
}

/** Adds the multiple of p that makes the lowest limb zero, and shifts by one limb. */
function reduceRow(prime: bigint, sums: readonly Local[], quotient: Local, isLast: boolean): Code {
  const mask = i64.const(BigInt(limbMask))
  const lowest = sums[0]?.get ?? []
  const inverse = negatedInverse(prime)
  // Both times the sum is divided by 2^29: (t + q·M)/2^29 = ⌊t/2^29⌋ + q·(M + 1)/2^29.
  const factor = isLast ? prime : (inverse * prime + 1n) / limbModulus
  const limbs = limbsOf(factor).map(BigInt)
  const times = (limb: bigint | undefined): Code => i64.mul(quotient.get, i64.const(limb ?? 0n))
  const shift = i64.const(BigInt(limbBits))
  const setQuotient = quotient.set(
    i64.and(isLast ? i64.mul(lowest, i64.const(inverse)) : lowest, mask),
  )
  if (!isLast) {
    return [
      setQuotient,
      sums.map((sum, index) => {
        const above = sums[index + 1]?.get
        const carried = index === 0 ? [i64.shrU(lowest, shift)] : []
        const parts = [...(above === undefined ? [] : [above]), times(limbs[index]), ...carried]
        return sum.set(parts.reduce(sumOf))
      }),
    ]
  }
  const carry = i64.shrU(i64.add(lowest, times(limbs[0])), shift)
  return [
    setQuotient,
    sums.map((sum, index) => {
      const above = sums[index + 1]?.get
      if (above === undefined) return sum.set(i64.const(0n))
      const parts = [above, times(limbs[index + 1]), ...(index === 0 ? [carry] : [])]
      return sum.set(parts.reduce(sumOf))
    }),
  ]
}

function storeCarried(sums: readonly Local[], out: Code): Code {
  return sums.map((sum, index) => {
    const next = sums[index + 1]
    if (next === undefined) return i64.store32(out, sum.get, 4 * index)
    return [
      i64.store32(out, i64.and(sum.get, i64.const(BigInt(limbMask))), 4 * index),
      next.set(i64.add(next.get, i64.shrU(sum.get, i64.const(BigInt(limbBits))))),
    ]
  })
}

function sumOf(left: Code, right: Code): Code {
  return i64.add(left, right)
}

/** −1/p modulo 2^29, by Newton's iteration. */
export function negatedInverse(prime: bigint): bigint {
  let inverse = 1n
  for (let bits = 1; bits < limbBits; bits *= 2) {
    inverse = BigInt.asUintN(limbBits, inverse * (2n - prime * inverse))
  }
  return BigInt.asUintN(limbBits, -inverse)
}

/** R modulo p: the form of 1. */
export function montgomeryOne(prime: bigint): bigint {
  return radix % prime
}
