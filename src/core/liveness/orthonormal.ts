/**
 * Orthonormal columns for the regressions of LIVE-1, in integers: fixed point with 40 binary
 * places, so that every engine makes the same tables from them.
 */

import { isqrt } from '../emotion/integers.ts'

const places = 40n
/** An entry of 1. */
const fixedOne = 1n << places

/** Entries in units of 2^-40. */
export type FixedColumn = readonly bigint[]

/** Mean, line and parabola over `length` samples. */
export function trendOf(length: number): readonly [FixedColumn, FixedColumn, FixedColumn] {
  const centred = Array.from({ length }, (_, index) => BigInt(2 * index + 1 - length))
  const mean = orthonormal(
    centred.map(() => 1n),
    [],
  )
  const line = orthonormal(centred, [mean])
  const squares = centred.map((value) => value * value)
  return [mean, line, orthonormal(squares, [mean, line])]
}

/** `values` without its part along `to`, of length 1 (Gram and Schmidt). */
export function orthonormal(values: readonly bigint[], to: readonly FixedColumn[]): FixedColumn {
  let rest = values.map((value) => value << places)
  for (const base of to) {
    const share = fixedDot(base, rest) >> places
    rest = rest.map((value, index) => value - ((share * (base[index] ?? 0n)) >> places))
  }
  const norm = isqrt(fixedDot(rest, rest))
  return rest.map((value) => (value << places) / norm)
}

/** Times `scale`, to the nearest integer; a half goes up. */
export function roundFixed(value: bigint, scale: number): number {
  return Number((2n * BigInt(scale) * value + fixedOne) >> (places + 1n))
}

function fixedDot(left: readonly bigint[], right: readonly bigint[]): bigint {
  return left.reduce((sum, value, index) => sum + value * (right[index] ?? 0n), 0n)
}
