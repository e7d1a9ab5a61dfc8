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
import { digitsOfHalves, splitScalars, type Halves } from './halves.ts'
import { multiplyByHalves, type HalfTerms } from './halfSums.ts'
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

/**
 * Bits of a digit, as measured for some thousand scalars of full size: of a half in the sums of the
 * witness alone, of a half where the quotient's are added, of a whole one for an accelerator.
 */
export const digitBits = { witness: 11, quotient: 13, whole: 11 } as const

/** Share of the work at which each step begins, as measured. */
const shares = { quotient: 0, a: 0.11, b1: 0.25, c: 0.34, b2: 0.75 } as const

export interface ProofOptions {
  readonly key: ProvingKey
  readonly domain: Domain
  /** `signalCount` values of eight words, below r. */
  readonly witness: Uint32Array
  readonly blinding: Blinding
  readonly onShare: OnShare
}

/** Projective points in temporary memory: the sums of A, of B in G1, of C with H, of B in G2. */
export interface Sums {
  readonly a: number
  readonly b1: number
  readonly c: number
  readonly b2: number
}

/** Undefined: a point at infinity. */
export function proveGroth16(kernel: Kernel, options: ProofOptions): EmotionalProof | undefined {
  const { memory } = kernel
  const mark = memory.mark()
  try {
    const proof = finish(kernel, options, sumAll(kernel, options))
    options.onShare(1)
    return proof
  } finally {
    // Also where memory gave out: the next attempt has all of it again, and nothing of the witness
    // stays behind in a memory that lives as long as the worker.
    memory.wipe(mark)
  }
}

function sumAll(kernel: Kernel, { key, domain, onShare, ...options }: ProofOptions): Sums {
  const { g1, g2 } = kernel
  const scalars = loadWitness(kernel, options.witness)
  const sums = takeSums(kernel)

  onShare(shares.quotient)
  const quotient = quotientScalars(kernel, key, domain, scalars)
  const witness = splitScalars(kernel, scalars, key.signalCount)
  const ofWitness = halfTermsOf(kernel, witness, digitBits.witness)
  onShare(shares.a)
  multiplyByHalves(kernel, g1, [ofWitness(key.a)], sums.a)
  onShare(shares.b1)
  multiplyByHalves(kernel, g1, [ofWitness(key.b1)], sums.b1)
  onShare(shares.c)
  const ofC = halfTermsOf(kernel, witness, digitBits.quotient)
  const ofH = halfTermsOf(kernel, splitScalars(kernel, quotient, domain.size), digitBits.quotient)
  multiplyByHalves(kernel, g1, [ofC(key.c), ofH(key.h)], sums.c)
  onShare(shares.b2)
  multiplyByHalves(kernel, g2, [ofWitness(key.b2)], sums.b2)
  return sums
}

export function takeSums({ memory, g1, g2 }: Kernel): Sums {
  const point = (group: GroupFunctions): number => memory.take(projectiveBytes(group))
  return { a: point(g1), b1: point(g1), c: point(g1), b2: point(g2) }
}

/** Terms with digits of these halves, which are read once. */
export function halfTermsOf(
  { memory }: Kernel,
  halves: Halves,
  bits: number,
): (points: PointTable) => HalfTerms {
  const digits = digitsOfHalves(memory.words, halves, bits)
  return (points) => ({ points, halves, digits })
}

/** The blinded points, affine. */
export function finish(
  kernel: Kernel,
  { key, blinding: { r, s } }: ProofOptions,
  { a, b1, c, b2 }: Sums,
): EmotionalProof | undefined {
  const { g1, g2 } = kernel
  blind(kernel, g1, a, { start: key.alpha1, delta: key.delta1, scalar: r })
  blind(kernel, g1, b1, { start: key.beta1, delta: key.delta1, scalar: s })
  blind(kernel, g2, b2, { start: key.beta2, delta: key.delta2, scalar: s })
  addMultiple(kernel, g1, c, a, s)
  addMultiple(kernel, g1, c, b1, r)
  addMultiple(kernel, g1, c, affine(kernel, g1, key.delta1), fieldOrder - ((r * s) % fieldOrder))
  return proofOf(kernel, a, b2, c)
}

/** Address of the plain limbs of a witness, in temporary memory. */
export function loadWitness({ memory }: Kernel, witness: Uint32Array): number {
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
