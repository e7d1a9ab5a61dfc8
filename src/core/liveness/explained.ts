/**
 * The share of the variance of a rhythm that a codeword explains (LIVE-1): R² of a regression on
 * cosine and sine of the breath, after mean, line and parabola were taken out.
 *
 * With the integer tables a, b of a codeword at a lag, p, q of line and parabola, all of length s
 * and a, b, p, q orthogonal but for rounding, and N samples y:
 *
 *     R² = N·((a·y)² + (b·y)²) / (s²·(N·Σy² − (Σy)²) − N·((p·y)² + (q·y)²)),
 *
 * in basis points, floored, 0..10000. The circuit decides by the same integers.
 */

import { tableScale, type ShareTable, type ShareTables } from './shareTables.ts'

const basisPoints = 10_000

/** N·s² times the sum of squares that mean, line and parabola leave: R² has it as divisor. */
export function spreadOf(rhythm: readonly number[], tables: ShareTables): bigint {
  const count = BigInt(tables.sampleCount)
  const sum = BigInt(rhythm.reduce((total, value) => total + value, 0))
  const about = count * BigInt(dot(rhythm, rhythm)) - sum * sum
  const trend = energyOf(rhythm, [tables.line, tables.parabola])
  return BigInt(tableScale * tableScale) * about - count * BigInt(trend)
}

/** What a pair of tables picks up: below 2^53. */
export function energyOf(
  rhythm: readonly number[],
  [cosine, sine]: readonly [ShareTable, ShareTable],
): number {
  const [real, imaginary] = [dot(cosine, rhythm), dot(sine, rhythm)]
  return real * real + imaginary * imaginary
}

/** R² in basis points; 0 where nothing varies. */
export function explainedBp(energy: number, spread: bigint, sampleCount: number): number {
  if (spread <= 0n) return 0
  const share = (BigInt(basisPoints * sampleCount) * BigInt(energy)) / spread
  return Math.min(basisPoints, Number(share))
}

/** Exact: at most 180 products below 2^24. */
function dot(left: readonly number[], right: readonly number[]): number {
  return left.reduce((sum, value, index) => sum + value * (right[index] ?? 0), 0)
}
