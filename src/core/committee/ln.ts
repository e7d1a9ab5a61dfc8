/**
 * The natural logarithm of tickets in integers (COM-3).
 *
 * With u = m · 2^k / 2^128 and 1 ≤ m < 2, −ln(u) = (128 − k) · ln 2 − ln m, and ln m = 2 ·
 * artanh((m − 1)/(m + 1)) by its series: the argument is below 1/3, so 32 terms end below 2^-102.
 * All steps floor at 2^-96; their sum stays below 2^-88. The result is floored to 2^-64: it is at
 * most 2^-64 + 2^-88 below the true value, and at most 2^-88 above it.
 */
import { assert } from '../base/assert.ts'

const workBits = 96n
const one = 1n << workBits
/** ⌊ln 2 · 2^96⌋ */
const ln2 = 54916777467707473351141471128n
const terms = 32n

export const uniformMax = 1n << 128n

/** ⌊−ln(uniform / 2^128) · 2^64⌋ within the bound above, for 1 ≤ uniform ≤ 2^128. */
export function negativeLnQ64(uniform: bigint): bigint {
  assert(uniform >= 1n && uniform <= uniformMax, 'a uniform value is in 1 … 2^128')
  const exponent = BigInt(uniform.toString(2).length - 1)
  const mantissa =
    exponent >= workBits ? uniform >> (exponent - workBits) : uniform << (workBits - exponent)
  const result = (128n - exponent) * ln2 - lnMantissa(mantissa)
  return result <= 0n ? 0n : result >> (workBits - 64n)
}

/** ln m for m = mantissa / 2^96 in [1, 2). */
function lnMantissa(mantissa: bigint): bigint {
  const ratio = ((mantissa - one) << workBits) / (mantissa + one)
  const square = (ratio * ratio) >> workBits
  let power = ratio
  let sum = 0n
  for (let term = 0n; term < terms && power > 0n; term += 1n) {
    sum += power / (2n * term + 1n)
    power = (power * square) >> workBits
  }
  return 2n * sum
}
