/**
 * The Groth16 key of a circuit before any contribution, from a known tau (ZK-2).
 *
 * DEVELOPMENT ONLY. Byte for byte what `snarkjs groth16 setup` makes from the powers of tau of
 * `powersOfTau.ts` (a test compares them), ten times faster: with tau known, every point of the key
 * is the generator times one scalar, and those are sums of Lagrange polynomials at tau.
 */

import { blake2b } from '@noble/hashes/blake2.js'
import { joinSections, littleEndian, u32le, type Section } from './binFile.ts'
import { buildCurve, type Curve } from './curve.ts'
import { buildComb, type Comb } from './fixedBase.ts'
import type { R1cs, Term } from './r1cs.ts'
import { lagrangeLevel, powersOf, secretOf, truncatedLevel } from './scalars.ts'

const groth16Id = 1
const fieldBytes = 32
/** Montgomery form of snarkjs: R = 2^256, and coefficients are kept times R². */
const radixSquared = 1n << 512n

/** Per signal: A, B and the combination β·A + α·B + C, all at tau. */
interface Polynomials {
  readonly a: readonly bigint[]
  readonly b: readonly bigint[]
  readonly combined: readonly bigint[]
}

interface Points {
  readonly ic: Uint8Array
  readonly h: Uint8Array
  readonly c: Uint8Array
  readonly a: Uint8Array
  readonly b1: Uint8Array
  readonly b2: Uint8Array
}

interface Combs {
  readonly g1: Comb
  readonly g2: Comb
}

/** Rows of the domain: constraints, and one for each public signal and the constant. */
export function domainPower({ constraints, publicCount }: R1cs): number {
  return 32 - Math.clz32(constraints.length + publicCount)
}

export async function developmentFirstKey(r1cs: R1cs): Promise<Uint8Array> {
  const curve = await buildCurve(true)
  const power = domainPower(r1cs)
  const tau = secretOf(curve, 'tau')
  const [alpha, beta] = [secretOf(curve, 'alpha'), secretOf(curve, 'beta')]
  const combs: Combs = { g1: buildComb(curve, 'G1'), g2: buildComb(curve, 'G2') }

  const { a, b, combined } = evaluate(curve, r1cs, power, { tau, alpha, beta })
  const publicEnd = r1cs.publicCount + 1
  const odd = truncatedLevel(curve, tau, power + 1).filter((_, index) => index % 2 === 1)
  const points: Points = {
    ic: combs.g1.multiply(combined.slice(0, publicEnd)),
    h: combs.g1.multiply(odd),
    c: combs.g1.multiply(combined.slice(publicEnd)),
    a: combs.g1.multiply(a),
    b1: combs.g1.multiply(b),
    b2: combs.g2.multiply(b),
  }
  const header = {
    alpha1: combs.g1.multiply([alpha]),
    beta1: combs.g1.multiply([beta]),
    beta2: combs.g2.multiply([beta]),
    one1: combs.g1.multiply([1n]),
    one2: combs.g2.multiply([1n]),
  }
  const hash = await hashCircuit(curve, combs, { header, points, tau, power })
  const headerPoints = [header.alpha1, header.beta1, header.beta2, header.one2, header.one1]
  return joinSections('zkey', 1, [
    { id: 1, bytes: u32le(groth16Id) },
    { id: 2, bytes: headerBytes(curve, r1cs, power, [...headerPoints, header.one2]) },
    { id: 4, bytes: coefficientBytes(curve, r1cs) },
    { id: 3, bytes: points.ic },
    { id: 9, bytes: points.h },
    { id: 8, bytes: points.c },
    { id: 5, bytes: points.a },
    { id: 6, bytes: points.b1 },
    { id: 7, bytes: points.b2 },
    { id: 10, bytes: Buffer.concat([hash, u32le(0)]) },
  ] satisfies readonly Section[])
}

function evaluate(
  { r, ...curve }: Curve,
  { signalCount, publicCount, constraints }: R1cs,
  power: number,
  secrets: { readonly tau: bigint; readonly alpha: bigint; readonly beta: bigint },
): Polynomials {
  const rows = lagrangeLevel({ r, ...curve }, secrets.tau, power)
  const sums = [0, 1, 2].map(() => new Array<bigint>(signalCount).fill(0n))
  const add = (target: bigint[] | undefined, terms: readonly Term[], row: bigint): void => {
    for (const { signal, coefficient } of terms) {
      if (target !== undefined) target[signal] = ((target[signal] ?? 0n) + coefficient * row) % r
    }
  }
  for (const [index, constraint] of constraints.entries()) {
    constraint.forEach((terms, matrix) => add(sums[matrix], terms, rows[index] ?? 0n))
  }
  // One row for each public signal makes them linearly independent.
  for (let signal = 0; signal <= publicCount; signal += 1) {
    add(sums[0], [{ signal, coefficient: 1n }], rows[constraints.length + signal] ?? 0n)
  }
  const [a = [], b = [], c = []] = sums
  const combined = a.map(
    (value, signal) =>
      (secrets.beta * value + secrets.alpha * (b[signal] ?? 0n) + (c[signal] ?? 0n)) % r,
  )
  return { a, b, combined }
}

function headerBytes(
  curve: Curve,
  { signalCount, publicCount }: R1cs,
  power: number,
  points: readonly Uint8Array[],
): Uint8Array {
  return Buffer.concat([
    u32le(fieldBytes),
    littleEndian(curve.q),
    u32le(fieldBytes),
    littleEndian(curve.r),
    u32le(signalCount, publicCount, 1 << power),
    ...points,
  ])
}

/** Matrix, row, signal and value of each coefficient of A and B, row by row. */
function coefficientBytes({ r }: Curve, { constraints, publicCount }: R1cs): Uint8Array {
  const parts: Uint8Array[] = []
  const push = (matrix: number, row: number, { signal, coefficient }: Term): void => {
    parts.push(u32le(matrix, row, signal), littleEndian((coefficient * radixSquared) % r))
  }
  for (const [row, [a, b]] of constraints.entries()) {
    for (const term of a) push(0, row, term)
    for (const term of b) push(1, row, term)
  }
  for (let signal = 0; signal <= publicCount; signal += 1) {
    push(0, constraints.length + signal, { signal, coefficient: 1n })
  }
  return Buffer.concat([u32le(parts.length / 2), ...parts])
}

/** snarkjs's hash of a circuit: what later contributions sign. */
async function hashCircuit(
  curve: Curve,
  { g1 }: Combs,
  options: {
    readonly header: Readonly<Record<'alpha1' | 'beta1' | 'beta2' | 'one1' | 'one2', Uint8Array>>
    readonly points: Points
    readonly tau: bigint
    readonly power: number
  },
): Promise<Uint8Array> {
  const { header, points, tau, power } = options
  const hash = blake2b.create({ dkLen: 64 })
  const plain1 = async (bytes: Uint8Array): Promise<void> =>
    void hash.update(await curve.G1.batchLEMtoU(bytes))
  const plain2 = async (bytes: Uint8Array): Promise<void> =>
    void hash.update(await curve.G2.batchLEMtoU(bytes))
  const counted = async (bytes: Uint8Array): Promise<void> => {
    hash.update(u32be(bytes.length / (2 * fieldBytes)))
    await plain1(bytes)
  }
  await plain1(header.alpha1)
  await plain1(header.beta1)
  for (const point of [header.beta2, header.one2]) await plain2(point)
  await plain1(header.one1)
  await plain2(header.one2)
  await counted(points.ic)

  // τⁱ·(τᴺ − 1): what phase 2 of the ceremony gives as H.
  const size = 1 << power
  const powers = powersOf(tau, 2 * size, curve.r)
  const shifted = powers.slice(0, size - 1).map((value, index) => {
    return ((powers[size + index] ?? 0n) - value + curve.r) % curve.r
  })
  await counted(g1.multiply(shifted))
  await counted(points.c)
  await counted(points.a)
  await counted(points.b1)
  hash.update(u32be(points.b2.length / (4 * fieldBytes)))
  await plain2(points.b2)
  return hash.digest()
}

function u32be(value: number): Uint8Array {
  return u32le(value).reverse()
}
