/**
 * Half a natural logarithm in integers: `lnSqrtQ16(x)` is 65536·½·ln x (FIT-1, FIT-4).
 *
 * Half, because its argument is a mean square and what the score needs is ln of the root. The
 * argument is normalised to a 27-bit mantissa 2^26..2^27, whose top six bits after the leading one
 * choose a table step and whose other twenty interpolate between two entries.
 *
 * Error: below 3 units of 2^-16 against the real function (checked by the test over all steps).
 * `circuits/lib/ln_sqrt.circom` holds the same tables.
 */

import { assert } from '../base/assert.ts'

/** Arguments are below 2^27: 256 · 682² (a pair of 2048 and 1366 ticks) + 1 is below 2^26.9. */
export const lnArgumentBits = 27
const fractionBits = 20

/** round(65536·½·ln(1 + i/64)), i = 0..64. */
export const lnMantissaTable = [
  0, 508, 1008, 1501, 1987, 2465, 2936, 3401, 3860, 4311, 4757, 5197, 5631, 6060, 6482, 6900, 7312,
  7719, 8121, 8518, 8911, 9299, 9682, 10061, 10435, 10805, 11171, 11534, 11892, 12246, 12596, 12943,
  13286, 13626, 13962, 14295, 14624, 14950, 15273, 15593, 15909, 16223, 16533, 16841, 17146, 17448,
  17747, 18044, 18337, 18629, 18917, 19204, 19487, 19769, 20048, 20324, 20598, 20870, 21140, 21407,
  21673, 21936, 22197, 22456, 22713,
] as const

/** round(65536·½·ln(2^e)), e = 0..26. */
export const lnExponentTable = [
  0, 22713, 45426, 68139, 90852, 113565, 136278, 158991, 181704, 204417, 227130, 249844, 272557,
  295270, 317983, 340696, 363409, 386122, 408835, 431548, 454261, 476974, 499687, 522400, 545113,
  567826, 590539,
] as const

export function lnSqrtQ16(value: number): number {
  assert(Number.isInteger(value) && value >= 1, 'a logarithm needs a positive integer')
  assert(value < 1 << lnArgumentBits, 'the argument is below 2^27')
  const exponent = 31 - Math.clz32(value)
  const mantissa = value << (lnArgumentBits - 1 - exponent)
  const step = (mantissa >> fractionBits) & 63
  const fraction = mantissa & ((1 << fractionBits) - 1)
  const low = lnMantissaTable[step] ?? 0
  const slope = (lnMantissaTable[step + 1] ?? 0) - low
  return (lnExponentTable[exponent] ?? 0) + low + ((slope * fraction) >> fractionBits)
}
