/**
 * Discrete Gaussian noise, exactly (PRIV-2): whole numbers with P(x) ∝ e^(−x²/2σ²), drawn with
 * whole numbers alone. Floating point would give some values that a neighbour could not have given
 * (Mironov, CCS 2012), and then one sum tells who is in it.
 *
 * Canonne, Kamath, Steinke, *The Discrete Gaussian for Differential Privacy*, NeurIPS 2020,
 * algorithms 1, 2 and 3.
 */
import { assert } from '../base/assert.ts'
import { isqrt } from '../emotion/integers.ts'
import type { SeedStream } from './seedStream.ts'

/** `variance`: σ², a whole number from 1 on. */
export function discreteGaussian(stream: SeedStream, variance: number): number {
  assert(Number.isSafeInteger(variance) && variance >= 1, 'a variance is a whole number from 1 on')
  const sigma2 = BigInt(variance)
  const scale = isqrt(sigma2) + 1n
  for (;;) {
    const value = discreteLaplace(stream, scale)
    const size = value < 0n ? -value : value
    // e^(−(|y| − σ²/t)²/(2σ²)), as a fraction over t².
    const off = size * scale - sigma2
    if (isExp(stream, off * off, 2n * sigma2 * scale * scale)) return Number(value)
  }
}

/** P(x) ∝ e^(−|x|/scale). */
export function discreteLaplace(stream: SeedStream, scale: bigint): bigint {
  for (;;) {
    const part = stream.below(scale)
    if (!isExp(stream, part, scale)) continue
    let whole = 0n
    while (isExp(stream, 1n, 1n)) whole += 1n
    const size = part + scale * whole
    const isNegative = stream.below(2n) === 1n
    // Zero has one sign.
    if (isNegative && size === 0n) continue
    return isNegative ? -size : size
  }
}

/** True with probability e^(−numerator/denominator). */
export function isExp(stream: SeedStream, numerator: bigint, denominator: bigint): boolean {
  for (let left = numerator / denominator; left > 0n; left -= 1n) {
    if (!isExpFraction(stream, 1n, 1n)) return false
  }
  return isExpFraction(stream, numerator % denominator, denominator)
}

/** Of a fraction up to 1: the alternating series of e^(−γ), one coin for each term. */
function isExpFraction(stream: SeedStream, numerator: bigint, denominator: bigint): boolean {
  let term = 1n
  while (stream.below(denominator * term) < numerator) term += 1n
  return term % 2n === 1n
}
