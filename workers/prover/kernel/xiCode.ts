/**
 * Emits the product with ξ = 9 + i in Fq2, the constant of the tower above it:
 * (c0 + c1·i)·ξ = 9·c0 − c1 + (9·c1 + c0)·i, reduced by an estimate of the quotient.
 */

import { i32, i64, type Code } from '../../lib/wasm/code.ts'
import type { Body, Callable, Local, ModuleBuilder } from '../../lib/wasm/moduleBuilder.ts'
import { elementBytes, limbBits, limbCount, limbMask, limbsOf } from './limbs.ts'

const indexes = Array.from({ length: limbCount }, (_, index) => index)
const bits = i64.const(BigInt(limbBits))

/** Of the factor that divides by the highest limb of p. */
const quotientBits = 32n

/** `mulXi(out, value)`: below 2·p from below 2·p; `out` may be `value`. */
export function defineMulXi(builder: ModuleBuilder, prime: bigint): Callable {
  return builder.define({ name: 'fq2_mulXi', parameterCount: 2 }, (body) => {
    const [out = [], value = []] = body.parameters.map(({ get }) => get)
    const real = (index: number): Code => i64.load32(value, 4 * index)
    const imaginary = (index: number): Code => i64.load32(value, elementBytes + 4 * index)
    const nine = (limb: Code): Code => i64.mul(limb, i64.const(9n))
    const twoP = limbsOf(2n * prime).map((limb) => i64.const(BigInt(limb)))
    const reals = combined(body, (index) =>
      i64.add(i64.sub(nine(real(index)), imaginary(index)), twoP[index] ?? []),
    )
    const imaginaries = combined(body, (index) => i64.add(nine(imaginary(index)), real(index)))
    return [
      reals.code,
      imaginaries.code,
      reduceAndStore(body, prime, reals.limbs, out),
      reduceAndStore(body, prime, imaginaries.limbs, i32.add(out, i32.const(elementBytes))),
    ]
  })
}

interface Limbs {
  readonly limbs: readonly Local[]
  readonly code: Code
}

function combined(body: Body, limbAt: (index: number) => Code): Limbs {
  const limbs = indexes.map(() => body.local('i64'))
  return { limbs, code: limbs.map((limb, index) => limb.set(limbAt(index))) }
}

/**
 * Subtracts ⌊top/(p's top + 1)⌋ times p from a value below 20·p. The estimate is never above the
 * quotient, and less than one below it before it is rounded down: what is left is below 2·p.
 */
function reduceAndStore(body: Body, prime: bigint, limbs: readonly Local[], out: Code): Code {
  const order = limbsOf(prime)
  const top = BigInt(order[limbCount - 1] ?? 0) + 1n
  const quotient = body.local('i64')
  return [
    carry(limbs),
    quotient.set(
      i64.shrU(
        i64.mul(limbs[limbCount - 1]?.get ?? [], i64.const((1n << quotientBits) / top)),
        i64.const(quotientBits),
      ),
    ),
    limbs.map((limb, index) =>
      limb.set(i64.sub(limb.get, i64.mul(quotient.get, i64.const(BigInt(order[index] ?? 0))))),
    ),
    carry(limbs),
    limbs.map((limb, index) => i64.store32(out, limb.get, 4 * index)),
  ]
}

/** Signed, upwards; the last limb keeps what is above. */
function carry(limbs: readonly Local[]): Code {
  return limbs.slice(0, -1).map((limb, index) => {
    const next = limbs[index + 1]
    return [
      next?.set(i64.add(next.get, i64.shrS(limb.get, bits))) ?? [],
      limb.set(i64.and(limb.get, i64.const(BigInt(limbMask)))),
    ]
  })
}
