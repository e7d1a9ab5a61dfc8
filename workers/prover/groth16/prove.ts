/**
 * Groth16 proofs from a proving key and a witness (ZK-6), as in https://eprint.iacr.org/2016/260,
 * section 3.2, with the keys of snarkjs:
 *
 *   A = α + Σ wᵢ·Aᵢ + r·δ      B = β + Σ wᵢ·Bᵢ + s·δ
 *   C = Σ wᵢ·Cᵢ + Σ hᵢ·Hᵢ + s·A + r·B − r·s·δ, with B in G1
 */

import { fieldOrder } from '../../../src/core/emotion/field.ts'
import type { EmotionalProof } from '../../../src/core/emotion/proofCodec.ts'
import type { GroupFunctions, Kernel } from '../kernel/kernel.ts'
import { elementBytes, limbCount, packLimbs, plainWords } from '../kernel/limbs.ts'
import { digitsOf } from './digits.ts'
import { multiplyPoints, type Terms } from './multiScalar.ts'
import {
  addAffine,
  addProjective,
  coordinatesOf,
  infinity,
  multiplyPoint,
  projectiveBytes,
} from './points.ts'
import type { PointTable, ProvingKey } from './provingKey.ts'
import { quotientScalars, type Domain } from './quotient.ts'

/** Share of the work that is done, 0..1. */
export type OnShare = (share: number) => void

/** Both uniform below r, fresh for each proof: they hide the witness. */
export interface Blinding {
  readonly r: bigint
  readonly s: bigint
}

/** Bits of a digit: fewest additions for some thousand scalars of full size. */
const digitBits = 11

/** Share of the work at which each step begins, as measured. */
const shares = { quotient: 0, a: 0.1, b1: 0.21, c: 0.3, b2: 0.74 } as const

/** `witness`: `signalCount` values of eight words, below r. Undefined: a point at infinity. */
export function proveGroth16(
  kernel: Kernel,
  options: {
    readonly key: ProvingKey
    readonly domain: Domain
    readonly witness: Uint32Array
    readonly blinding: Blinding
    readonly onShare: OnShare
  },
): EmotionalProof | undefined {
  const { key, domain, witness, blinding, onShare } = options
  const { memory, g1, g2 } = kernel
  const mark = memory.mark()
  const scalars = loadWitness(kernel, witness)
  const point = (group: GroupFunctions): number => memory.take(projectiveBytes(group))
  const [a, b1, c, b2] = [point(g1), point(g1), point(g1), point(g2)] as const
  const sum = (group: GroupFunctions, terms: Parameters<typeof multiplyPoints>[2], out: number) =>
    multiplyPoints(kernel, group, terms, out)

  onShare(shares.quotient)
  const quotient = quotientScalars(kernel, key, domain, scalars)
  const witnessDigits = digitsOf(memory.words, scalars, key.signalCount, digitBits)
  const quotientDigits = digitsOf(memory.words, quotient, key.domainSize, digitBits)
  const ofWitness = (points: PointTable): Terms => ({ points, digits: witnessDigits })
  onShare(shares.a)
  sum(g1, [ofWitness(key.a)], a)
  onShare(shares.b1)
  sum(g1, [ofWitness(key.b1)], b1)
  onShare(shares.c)
  sum(g1, [ofWitness(key.c), { points: key.h, digits: quotientDigits }], c)
  onShare(shares.b2)
  sum(g2, [ofWitness(key.b2)], b2)

  const { r, s } = blinding
  blind(kernel, g1, a, { start: key.alpha1, delta: key.delta1, scalar: r })
  blind(kernel, g1, b1, { start: key.beta1, delta: key.delta1, scalar: s })
  blind(kernel, g2, b2, { start: key.beta2, delta: key.delta2, scalar: s })
  addMultiple(kernel, g1, c, a, s)
  addMultiple(kernel, g1, c, b1, r)
  addMultiple(kernel, g1, c, affine(kernel, g1, key.delta1), fieldOrder - ((r * s) % fieldOrder))
  const proof = proofOf(kernel, a, b2, c)
  memory.release(mark)
  onShare(1)
  return proof
}

function loadWitness({ memory }: Kernel, witness: Uint32Array): number {
  const count = witness.length / plainWords
  const address = memory.take(count * elementBytes)
  const words = memory.words
  for (let signal = 0; signal < count; signal += 1) {
    packLimbs(witness, signal * plainWords, words, address / 4 + signal * limbCount)
  }
  return address
}

/** out ← out + start + scalar·delta. */
function blind(
  kernel: Kernel,
  group: GroupFunctions,
  out: number,
  {
    start,
    delta,
    scalar,
  }: { readonly start: PointTable; readonly delta: PointTable; readonly scalar: bigint },
): void {
  addProjective(group, out, out, affine(kernel, group, start))
  addMultiple(kernel, group, out, affine(kernel, group, delta), scalar)
}

/** out ← out + scalar·point. */
function addMultiple(
  kernel: Kernel,
  group: GroupFunctions,
  out: number,
  point: number,
  scalar: bigint,
): void {
  const product = kernel.memory.take(projectiveBytes(group))
  multiplyPoint(kernel, group, product, point, scalar)
  addProjective(group, out, out, product)
}

/** The one point of a table as a projective point. */
function affine(kernel: Kernel, group: GroupFunctions, table: PointTable): number {
  const out = kernel.memory.take(projectiveBytes(group))
  infinity(kernel, group, out)
  if (table.scalarIndexes.length > 0) addAffine(kernel, group, out, table.address)
  return out
}

function proofOf(kernel: Kernel, a: number, b: number, c: number): EmotionalProof | undefined {
  const [ax, ay] = coordinatesOf(kernel, kernel.g1, a) ?? []
  const [bx0, bx1, by0, by1] = coordinatesOf(kernel, kernel.g2, b) ?? []
  const [cx, cy] = coordinatesOf(kernel, kernel.g1, c) ?? []
  if (ax === undefined || ay === undefined || cx === undefined || cy === undefined) return undefined
  if (bx0 === undefined || bx1 === undefined || by0 === undefined || by1 === undefined) {
    return undefined
  }
  return {
    a: [ax, ay],
    b: [
      [bx0, bx1],
      [by0, by1],
    ],
    c: [cx, cy],
  }
}
