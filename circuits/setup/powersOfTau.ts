/**
 * Development powers of tau, written directly from a known tau in the format of snarkjs (ZK-2).
 *
 * DEVELOPMENT ONLY. tau, alpha and beta are derived from a published seed: whoever reads it can forge
 * proofs. In return every clone of the project makes the same bytes in seconds, where a ceremony with
 * `snarkjs powersoftau prepare phase2` takes minutes.
 *
 * With tau known, the points of the Lagrange sections are the generator times scalars in closed form:
 * Lᵢ(τ) = (τᴺ − 1)/N · ωⁱ/(τ − ωⁱ).
 */

import { createHash } from 'node:crypto'
import { buildCurve, type Curve } from './curve.ts'
import { buildComb, type Comb } from './fixedBase.ts'

/** Published on purpose: see above. */
export const developmentSeed = 'emotionalchain/development-setup/1: not a ceremony'

interface Section {
  readonly id: number
  readonly bytes: Uint8Array
}

export async function developmentPowersOfTau(power: number): Promise<Uint8Array> {
  const curve = await buildCurve(true)
  const [tau, alpha, beta] = [secret(curve, 'tau'), secret(curve, 'alpha'), secret(curve, 'beta')]
  const g1 = buildComb(curve, 'G1')
  const g2 = buildComb(curve, 'G2')
  const size = 1 << power
  const scaled = (scalars: readonly bigint[], factor: bigint): readonly bigint[] =>
    scalars.map((scalar) => (scalar * factor) % curve.r)

  const powers = powersOf(tau, 2 * size - 1, curve.r)
  const short = powers.slice(0, size)
  const levels = lagrangeLevels(curve, tau, power)
  const top = truncatedLevel(curve, tau, power + 1)
  return joinSections(curve, power, [
    { id: 2, bytes: g1.multiply(powers) },
    { id: 3, bytes: g2.multiply(short) },
    { id: 4, bytes: g1.multiply(scaled(short, alpha)) },
    { id: 5, bytes: g1.multiply(scaled(short, beta)) },
    { id: 6, bytes: g2.multiply([beta]) },
    { id: 7, bytes: new Uint8Array(4) }, // no contributions
    { id: 12, bytes: multiplyAll(g1, levels, top) },
    { id: 13, bytes: g2.multiply(levels) },
    { id: 14, bytes: g1.multiply(scaled(levels, alpha)) },
    { id: 15, bytes: g1.multiply(scaled(levels, beta)) },
  ])
}

/** A scalar from the seed: 512 bits modulo r, so that its bias is below 2^-250. */
function secret(curve: Curve, name: string): bigint {
  const digest = createHash('sha512').update(`${developmentSeed}/${name}`).digest('hex')
  return BigInt(`0x${digest}`) % curve.r
}

function multiplyAll(comb: Comb, ...parts: readonly (readonly bigint[])[]): Uint8Array {
  return comb.multiply(parts.flat())
}

function powersOf(base: bigint, count: number, modulus: bigint): readonly bigint[] {
  const powers = [1n]
  while (powers.length < count) powers.push(((powers.at(-1) ?? 1n) * base) % modulus)
  return powers
}

/** Lᵢ(τ) on the domains of size 2^0 … 2^power, one after the other. */
function lagrangeLevels(curve: Curve, tau: bigint, power: number): readonly bigint[] {
  const levels: bigint[] = []
  for (let level = 0; level <= power; level += 1) levels.push(...lagrangeLevel(curve, tau, level))
  return levels
}

/** The level above, from one power of tau less than it needs: Lᵢ(τ) − ωⁱ·τᴺ⁻¹/N. */
function truncatedLevel(curve: Curve, tau: bigint, level: number): readonly bigint[] {
  const { r } = curve
  const size = 1 << level
  const missing = (modPower(tau, BigInt(size - 1), r) * inverse(BigInt(size), r)) % r
  const roots = powersOf(rootOfUnity(curve, level), size, r)
  return lagrangeLevel(curve, tau, level).map((value, index) => {
    const difference = (value - (roots[index] ?? 0n) * missing) % r
    return difference < 0n ? difference + r : difference
  })
}

function lagrangeLevel(curve: Curve, tau: bigint, level: number): readonly bigint[] {
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

/** Magic, version 1, section count; then id, size and bytes of each section. */
function joinSections(curve: Curve, power: number, sections: readonly Section[]): Uint8Array {
  const all = [{ id: 1, bytes: headerBytes(curve, power) }, ...sections]
  const size = all.reduce((sum, { bytes }) => sum + 12 + bytes.length, 12)
  const file = new Uint8Array(size)
  const view = new DataView(file.buffer)
  file.set(Buffer.from('ptau', 'ascii'))
  view.setUint32(4, 1, true)
  view.setUint32(8, all.length, true)
  let offset = 12
  for (const { id, bytes } of all) {
    view.setUint32(offset, id, true)
    view.setBigUint64(offset + 4, BigInt(bytes.length), true)
    file.set(bytes, offset + 12)
    offset += 12 + bytes.length
  }
  return file
}

function headerBytes(curve: Curve, power: number): Uint8Array {
  const fieldBytes = 32
  const header = new Uint8Array(4 + fieldBytes + 8)
  const view = new DataView(header.buffer)
  view.setUint32(0, fieldBytes, true)
  for (let index = 0, rest = curve.q; index < fieldBytes; index += 1, rest >>= 8n) {
    header[4 + index] = Number(rest & 255n)
  }
  view.setUint32(4 + fieldBytes, power, true)
  view.setUint32(8 + fieldBytes, power, true)
  return header
}
