/**
 * The final exponentiation of the pairing, to (q¹² − 1)/r times 2x·(6x² + 3x + 1), which has no
 * factor in common with r (Fuentes-Castañeda, Knapp, Rodríguez-Henríquez, Faster hashing to G2,
 * SAC 2011, section 5).
 */

import { curveParameter } from '../kernel/curve.ts'
import { towerBytes } from '../kernel/towerCode.ts'
import { conjugatePair, pairBytes, type PairingKernel } from './pairingKernel.ts'

/** Operations on elements of Fq12 that take memory for their results. */
interface Arithmetic {
  readonly mul: (left: number, right: number) => number
  /** In the group that the easy part leads to, where this is the inverse. */
  readonly conjugate: (value: number) => number
  /** The power q^times. */
  readonly frobenius: (value: number, times: number) => number
  readonly square: (value: number) => number
  /** The power x. */
  readonly power: (value: number) => number
}

/** value ← its power. */
export function exponentiate(kernel: PairingKernel, value: number): void {
  const { memory } = kernel
  const mark = memory.mark()
  const { mul, conjugate, frobenius, square, power } = arithmeticOf(kernel)
  // (q⁶ − 1)·(q² + 1), the easy part.
  const first = mul(conjugate(value), inverse(kernel, value))
  const f = mul(frobenius(first, 2), first)

  const fx2 = square(power(f))
  const fx6 = mul(square(fx2), fx2)
  const fxx6 = power(fx6)
  const fxxx12 = power(square(fxx6))
  const a = mul(mul(fxxx12, fxx6), fx6)
  const b = mul(a, conjugate(fx2))
  const low = mul(mul(mul(a, fxx6), f), frobenius(b, 1))
  const high = mul(frobenius(a, 2), frobenius(mul(b, conjugate(f)), 3))
  kernel.fq12.mul(value, low, high)
  memory.release(mark)
}

function arithmeticOf(kernel: PairingKernel): Arithmetic {
  const { memory, fq12 } = kernel
  const take = (): number => memory.take(towerBytes)
  const mul = (left: number, right: number): number => {
    const out = take()
    fq12.mul(out, left, right)
    return out
  }
  const square = (value: number): number => {
    const out = take()
    fq12.sqrCyclotomic(out, value)
    return out
  }
  return {
    mul,
    square,
    conjugate(value) {
      const out = take()
      fq12.conjugate(out, value)
      return out
    },
    frobenius(value, times) {
      const out = take()
      memory.words.copyWithin(out / 4, value / 4, (value + towerBytes) / 4)
      for (let time = 0; time < times; time += 1) applyFrobenius(kernel, out)
      return out
    },
    power(value) {
      const [, ...bits] = curveParameter.toString(2)
      const out = take()
      memory.words.copyWithin(out / 4, value / 4, (value + towerBytes) / 4)
      for (const bit of bits) {
        fq12.sqrCyclotomic(out, out)
        if (bit === '1') fq12.mul(out, out, value)
      }
      return out
    },
  }
}

/** Powers of w by the place of their coefficient. */
const powersOfW = [0, 2, 4, 1, 3, 5] as const

/** value ← value^q, coefficient by coefficient. */
function applyFrobenius(kernel: PairingKernel, value: number): void {
  for (const [place, power] of powersOfW.entries()) {
    const at = value + place * pairBytes
    conjugatePair(kernel, at, at)
    kernel.fq2.mul(at, at, kernel.factors + power * pairBytes)
  }
}

/**
 * By conjugates: n = f·f^(q⁶) is in Fq6, and n·n^(q²)·n^(q⁴) in Fq2. Zero for zero.
 */
function inverse(kernel: PairingKernel, value: number): number {
  const { mul, conjugate, frobenius } = arithmeticOf(kernel)
  const conjugated = conjugate(value)
  const norm = mul(value, conjugated)
  const others = mul(frobenius(norm, 2), frobenius(norm, 4))
  const result = mul(conjugated, others)
  const inPair = mul(norm, others)
  kernel.fq2.inverse(inPair, inPair)
  for (const place of powersOfW.keys()) {
    const at = result + place * pairBytes
    kernel.fq2.mul(at, at, inPair)
  }
  return result
}
