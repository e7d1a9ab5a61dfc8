/**
 * Integer arithmetic of the score: floor roots and clamped quotients (FIT-4).
 *
 * Each function has a template of the same name in `circuits/lib`, and both give the same integer.
 */

import { assert } from '../base/assert.ts'

/** The greatest integer whose square is at most `value`. */
export function isqrt(value: bigint): bigint {
  assert(value >= 0n, 'a root needs a non-negative integer')
  if (value < 2n) return value
  let root = 1n << BigInt((value.toString(2).length + 1) >> 1)
  for (;;) {
    // Newton from above falls strictly until it reaches the floor of the root.
    const next = (root + value / root) >> 1n
    if (next >= root) return root
    root = next
  }
}

/** ⌊numerator / divisor⌋ for exact numbers; the remainder is taken before the division. */
export function floorDivide(numerator: number, divisor: number): number {
  assert(Number.isSafeInteger(numerator) && numerator >= 0, 'numerator is a count')
  assert(Number.isSafeInteger(divisor) && divisor > 0, 'divisor is positive')
  return (numerator - (numerator % divisor)) / divisor
}

export function clamp(value: number, least: number, most: number): number {
  if (value < least) return least
  return value > most ? most : value
}

/** ⌊clip(numerator, 0, quotientMax·divisor) / divisor⌋: a quotient in 0..quotientMax. */
export function clampedQuotient(numerator: number, divisor: number, quotientMax: number): number {
  return floorDivide(clamp(numerator, 0, quotientMax * divisor), divisor)
}

/** The middle value; of an even count the lower of the two in the middle. */
export function lowerMedian(values: readonly number[]): number {
  assert(values.length > 0, 'a median needs a value')
  const sorted = [...values].sort((left, right) => left - right)
  return sorted[(sorted.length - 1) >> 1] ?? 0
}
