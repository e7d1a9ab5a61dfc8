/**
 * Scalars of the development set-up: the secrets of the published seed, powers, and Lagrange
 * polynomials at tau in closed form, Lᵢ(τ) = (τᴺ − 1)/N · ωⁱ/(τ − ωⁱ) (ZK-2).
 *
 * DEVELOPMENT ONLY: whoever reads the seed can forge proofs.
 */

import { createHash } from 'node:crypto'
import type { Curve } from './curve.ts'

/** Published on purpose: see above. */
export const developmentSeed = 'emotionalchain/development-setup/1: not a ceremony'

/** A scalar from the seed: 512 bits modulo r, so that its bias is below 2^-250. */
export function secretOf(curve: Curve, name: string): bigint {
  const digest = createHash('sha512').update(`${developmentSeed}/${name}`).digest('hex')
  return BigInt(`0x${digest}`) % curve.r
}

export function powersOf(base: bigint, count: number, modulus: bigint): readonly bigint[] {
  const powers = [1n]
  while (powers.length < count) powers.push(((powers.at(-1) ?? 1n) * base) % modulus)
  return powers
}

/** Lᵢ(τ) on the domains of size 2^0 … 2^power, one after the other. */
export function lagrangeLevels(curve: Curve, tau: bigint, power: number): readonly bigint[] {
  const levels: bigint[] = []
  for (let level = 0; level <= power; level += 1) levels.push(...lagrangeLevel(curve, tau, level))
  return levels
}

/** The level above, from one power of tau less than it needs: Lᵢ(τ) − ωⁱ·τᴺ⁻¹/N. */
export function truncatedLevel(curve: Curve, tau: bigint, level: number): readonly bigint[] {
  const { r } = curve
  const size = 1 << level
  const missing = (modPower(tau, BigInt(size - 1), r) * inverse(BigInt(size), r)) % r
  const roots = powersOf(rootOfUnity(curve, level), size, r)
  return lagrangeLevel(curve, tau, level).map((value, index) => {
    const difference = (value - (roots[index] ?? 0n) * missing) % r
    return difference < 0n ? difference + r : difference
  })
}

export function lagrangeLevel(curve: Curve, tau: bigint, level: number): readonly bigint[] {
  const { r } = curve
  const size = 1 << level
  const roots = powersOf(rootOfUnity(curve, level), size, r)
  const vanishing = ((modPower(tau, BigInt(size), r) - 1n) * inverse(BigInt(size), r)) % r
  const inverses = invertAll(
    roots.map((root) => (tau - root + r) % r),
    r,
  )
  return roots.map((root, index) => (((vanishing * root) % r) * (inverses[index] ?? 0n)) % r)
}

function rootOfUnity(curve: Curve, level: number): bigint {
  const root = curve.Fr.w[level]
  if (root === undefined) throw new Error(`the field has no domain of size 2^${level}`)
  return curve.Fr.toObject(root)
}

/** Montgomery's trick: one inversion for all. */
function invertAll(values: readonly bigint[], modulus: bigint): readonly bigint[] {
  const prefixes = [1n]
  for (const value of values) prefixes.push(((prefixes.at(-1) ?? 1n) * value) % modulus)
  let suffix = inverse(prefixes.at(-1) ?? 1n, modulus)
  const inverses = new Array<bigint>(values.length)
  for (let index = values.length - 1; index >= 0; index -= 1) {
    inverses[index] = (suffix * (prefixes[index] ?? 1n)) % modulus
    suffix = (suffix * (values[index] ?? 1n)) % modulus
  }
  return inverses
}

function inverse(value: bigint, modulus: bigint): bigint {
  return modPower(value, modulus - 2n, modulus)
}

function modPower(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n
  let square = base % modulus
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % modulus
    square = (square * square) % modulus
  }
  return result
}
