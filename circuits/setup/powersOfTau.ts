/**
 * Development powers of tau, written directly from a known tau in the format of snarkjs (ZK-2).
 *
 * DEVELOPMENT ONLY. tau, alpha and beta are derived from a published seed: whoever reads it can
 * forge proofs. The build takes the shorter way of `firstKey.ts`; these are what snarkjs makes the
 * same key from, and its tests hold one to the other.
 */

import { joinSections, littleEndian, u32le } from './binFile.ts'
import { buildCurve, type Curve } from './curve.ts'
import { buildComb, type Comb } from './fixedBase.ts'
import { lagrangeLevels, powersOf, secretOf, truncatedLevel } from './scalars.ts'

export async function developmentPowersOfTau(power: number): Promise<Uint8Array> {
  const curve = await buildCurve(true)
  const [tau, alpha, beta] = [
    secretOf(curve, 'tau'),
    secretOf(curve, 'alpha'),
    secretOf(curve, 'beta'),
  ]
  const g1 = buildComb(curve, 'G1')
  const g2 = buildComb(curve, 'G2')
  const size = 1 << power
  const scaled = (scalars: readonly bigint[], factor: bigint): readonly bigint[] =>
    scalars.map((scalar) => (scalar * factor) % curve.r)

  const powers = powersOf(tau, 2 * size - 1, curve.r)
  const short = powers.slice(0, size)
  const levels = lagrangeLevels(curve, tau, power)
  const top = truncatedLevel(curve, tau, power + 1)
  return joinSections('ptau', 1, [
    { id: 1, bytes: headerBytes(curve, power) },
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

function multiplyAll(comb: Comb, ...parts: readonly (readonly bigint[])[]): Uint8Array {
  return comb.multiply(parts.flat())
}

/** Field size and order; power of this file and of its ceremony. */
function headerBytes(curve: Curve, power: number): Uint8Array {
  return Buffer.concat([u32le(32), littleEndian(curve.q), u32le(power, power)])
}
