/**
 * Emits the splitting of scalars for the endomorphism: k ≡ k₁ + k₂·λ modulo r with short k₁, k₂.
 *
 *   c₁ = ⌊k·d/r⌉, c₂ = ⌊k·b/r⌉, k₁ = k − c₁·a − c₂·b, k₂ = c₂·d − c₁·b
 *
 * The divisions are products with constants over 2^261. That a c is rounded the other way next to a
 * half costs nothing but a little length: any c₁ and c₂ give the same sum.
 */

import { i32, i64, repeatWhile, when, type Code } from '../../lib/wasm/code.ts'
import type { Body, Local, ModuleBuilder } from '../../lib/wasm/moduleBuilder.ts'
import { shortVectors } from './curve.ts'
import { elementBytes, limbBits, limbCount, limbMask, limbsOf, radix } from './limbs.ts'

/** Of one half: 145 bits in two's complement, the last limb with its sign. */
export const halfLimbs = 5
/** Of k₁, then k₂. */
export const splitBytes = 2 * 4 * halfLimbs

const shift = i64.const(BigInt(limbBits))
const mask = i64.const(BigInt(limbMask))

/** `split(count, scalars, out)`: scalars are plain limbs below r. */
export function defineSplit(builder: ModuleBuilder, name: string, order: bigint): void {
  builder.define({ name: `${name}_split`, parameterCount: 3 }, (body) => {
    const [count, from, out] = body.parameters as [Local, Local, Local]
    const scalar = Array.from({ length: limbCount }, () => body.local('i64'))
    const { a, b, d } = shortVectors
    const one = roundedQuotient(body, scalar, rounded(d * radix, order))
    const two = roundedQuotient(body, scalar, rounded(b * radix, order))
    const low = scalar.slice(0, halfLimbs)
    const advance = (pointer: Local, bytes: number): Code =>
      pointer.set(i32.add(pointer.get, i32.const(bytes)))
    return when(
      count.get,
      repeatWhile(
        [
          scalar.map((limb, index) => limb.set(i64.load32(from.get, 4 * index))),
          one.code,
          two.code,
          storeHalf(body, out.get, 0, [
            [low, 1n],
            [one.limbs, -a],
            [two.limbs, -b],
          ]),
          storeHalf(body, out.get, 4 * halfLimbs, [
            [one.limbs, -b],
            [two.limbs, d],
          ]),
          advance(from, elementBytes),
          advance(out, splitBytes),
          count.set(i32.sub(count.get, i32.const(1))),
        ],
        count.get,
      ),
    )
  })
}

interface Quotient {
  readonly code: Code
  readonly limbs: readonly Local[]
}

/** ⌊scalar·factor/2^261⌉. Columns of limbs below the seventh add less than 2^-26 to it. */
function roundedQuotient(body: Body, scalar: readonly Local[], factor: bigint): Quotient {
  const factors = shortLimbs(factor)
  const sum = body.local('i64')
  const limbs = factors.map(() => body.local('i64'))
  const first = limbCount - 2
  const end = limbCount + factors.length - 1
  const code: Code[] = [sum.set(i64.const(0n))]
  for (let column = first; column < end; column += 1) {
    const half = column === limbCount - 1 ? [i64.const(1n << BigInt(limbBits - 1))] : []
    code.push(
      sum.set([sum.get, ...columnOf(scalar, factors, column), ...half].reduce(i64.add)),
      limbs[column - limbCount]?.set(i64.and(sum.get, mask)) ?? [],
      sum.set(i64.shrU(sum.get, shift)),
    )
  }
  code.push(limbs.at(-1)?.set(sum.get) ?? [])
  return { code, limbs }
}

/** Stores Σ number·factor modulo 2^145. */
function storeHalf(
  body: Body,
  out: Code,
  offset: number,
  terms: readonly (readonly [number: readonly Local[], factor: bigint])[],
): Code {
  const sum = body.local('i64')
  const code: Code[] = [sum.set(i64.const(0n))]
  for (let column = 0; column < halfLimbs; column += 1) {
    const products = terms.flatMap(([number, factor]) =>
      columnOf(number, shortLimbs(factor), column),
    )
    const isLast = column === halfLimbs - 1
    const unsigned = i64.const(BigInt(64 - limbBits))
    code.push(
      sum.set([sum.get, ...products].reduce(i64.add)),
      i64.store32(
        out,
        isLast ? i64.shrS(i64.shl(sum.get, unsigned), unsigned) : i64.and(sum.get, mask),
        offset + 4 * column,
      ),
      sum.set(i64.shrS(sum.get, shift)),
    )
  }
  return code
}

/** The products of limbs whose places add up to `column`. */
function columnOf(
  left: readonly Local[],
  right: readonly bigint[],
  column: number,
): readonly Code[] {
  return right.flatMap((limb, index) => {
    const other = left[column - index]
    if (other === undefined || limb === 0n) return []
    return [limb === 1n ? other.get : i64.mul(other.get, i64.const(limb))]
  })
}

/** Limbs without those above the highest; all with the sign of the value. */
function shortLimbs(value: bigint): readonly bigint[] {
  const [sign, magnitude] = value < 0n ? [-1n, -value] : [1n, value]
  const limbs = limbsOf(magnitude).map((limb) => sign * BigInt(limb))
  return limbs.slice(0, limbs.findLastIndex((limb) => limb !== 0n) + 1)
}

function rounded(numerator: bigint, denominator: bigint): bigint {
  return (2n * numerator + denominator) / (2n * denominator)
}
