/** Constants of the optimal ate pairing on BN254 (https://eprint.iacr.org/2010/354, section 4). */

import { baseFieldOrder, type Fp2 } from '../../../src/core/emotion/proofCodec.ts'
import { curveParameter } from '../kernel/curve.ts'

/** 6·x + 2 in signed binary without neighbours, the highest digit, which is 1, left out. */
export const loopDigits: readonly (-1 | 0 | 1)[] = signedDigits(6n * curveParameter + 2n).slice(1)

/** Lines of the loop for one point: a tangent for each digit, chords for those that are not 0. */
export const lineCount = loopDigits.length + loopDigits.filter((digit) => digit !== 0).length + 2

/** ξ^(k·(q − 1)/6) for k from 0 to 5: the q-th power of w^k is this times w^k. */
export const frobeniusFactors: readonly Fp2[] = powers(
  power([9n, 1n], (baseFieldOrder - 1n) / 6n),
  6,
)

/** Highest first. */
function signedDigits(value: bigint): readonly (-1 | 0 | 1)[] {
  const digits: (-1 | 0 | 1)[] = []
  for (let rest = value; rest > 0n; rest >>= 1n) {
    const digit = (rest & 1n) === 0n ? 0 : (rest & 3n) === 1n ? 1 : -1
    digits.push(digit)
    rest -= BigInt(digit)
  }
  return digits.reverse()
}

function powers(base: Fp2, count: number): readonly Fp2[] {
  const values: Fp2[] = [[1n, 0n]]
  while (values.length < count) values.push(multiply(values.at(-1) ?? base, base))
  return values
}

function power(base: Fp2, exponent: bigint): Fp2 {
  let [result, square]: [Fp2, Fp2] = [[1n, 0n], base]
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = multiply(result, square)
    square = multiply(square, square)
  }
  return result
}

function multiply([a0, a1]: Fp2, [b0, b1]: Fp2): Fp2 {
  const mod = (value: bigint): bigint =>
    ((value % baseFieldOrder) + baseFieldOrder) % baseFieldOrder
  return [mod(a0 * b0 - a1 * b1), mod(a0 * b1 + a1 * b0)]
}
