/**
 * The verifier's equation, e(A, B) = e(α, β)·e(V, γ)·e(C, δ) with V = IC₀ + Σ signal·IC, for one
 * proof or for many under the same key (ZK-4, ZK-7).
 *
 * Of many, a random linear combination is checked: each equation to the power of a weight that
 * nobody knew when the proofs were made. A sum of n takes n + 3 loops and one final
 * exponentiation. Where it does not hold it is halved until each false proof stands alone.
 */

import { fieldOrder, isField } from '../../../src/core/emotion/field.ts'
import type { EmotionalProof } from '../../../src/core/emotion/proofCodec.ts'
import type { Random } from '../../../src/ports/random.ts'
import { digitsOf } from '../groth16/digits.ts'
import { multiplyPoints } from '../groth16/multiScalar.ts'
import { addAffine, infinity, multiplyPoint, projectiveBytes } from '../groth16/points.ts'
import { ratioBytes } from '../kernel/lineCode.ts'
import { elementBytes } from '../kernel/limbs.ts'
import { linesBytes, prepareLines, type Lines } from './lines.ts'
import { productIsOne } from './pairing.ts'
import { pairBytes, type PairingKernel } from './pairingKernel.ts'
import { writeRatios } from './ratios.ts'
import { putG1, putG2, putProjective, type VerifyingKey } from './verifyingKey.ts'
import { multiplyByWeight, randomWeight, weightOne, type Weight } from './weights.ts'

/** A decoded proof, and what it is said to prove. */
export interface Claim {
  readonly proof: EmotionalProof
  readonly signals: readonly bigint[]
}

export type ClaimFault = 'PROOF_SUBGROUP' | 'PROOF_INVALID'

/** For each claim its fault, undefined where it holds. */
export function verifyProofs(
  key: VerifyingKey,
  claims: readonly Claim[],
  random: Random,
): readonly (ClaimFault | undefined)[] {
  const { memory } = key.kernel
  const mark = memory.mark()
  try {
    return judgeBatch(key, claims, loadBatch(key, claims, random))
  } finally {
    // Also where memory or the random source gave out: the next batch has all of it again.
    memory.release(mark)
  }
}

function judgeBatch(
  key: VerifyingKey,
  claims: readonly Claim[],
  batch: Batch,
): readonly (ClaimFault | undefined)[] {
  const faults = claims.map(({ signals }, index): ClaimFault | undefined => {
    if (batch.isInSubgroup[index] !== true) return 'PROOF_SUBGROUP'
    return signals.length === key.signalCount && signals.every(isField)
      ? undefined
      : 'PROOF_INVALID'
  })
  const sound = [...faults.keys()].filter((index) => faults[index] === undefined)
  for (const index of findFalse(batch, sound)) faults[index] = 'PROOF_INVALID'
  return faults
}

interface Batch {
  readonly key: VerifyingKey
  readonly claims: readonly Claim[]
  readonly weights: readonly Weight[]
  readonly isInSubgroup: readonly boolean[]
  /** Of each B, and the ratios of each A times its weight. */
  readonly lines: Lines
  readonly ratios: number
  /** Each C, affine. */
  readonly c: number
}

function loadBatch(key: VerifyingKey, claims: readonly Claim[], random: Random): Batch {
  const { kernel } = key
  const { memory, g1 } = kernel
  const count = claims.length
  const lines = { address: memory.take(linesBytes(count)), count }
  const ratios = memory.take(count * ratioBytes)
  const c = memory.take(count * 2 * elementBytes)
  const mark = memory.mark()
  const b = memory.take(count * 2 * pairBytes)
  const a = memory.take(count * projectiveBytes(g1))
  const point = memory.take(projectiveBytes(g1))
  const weights = claims.map(() => (count === 1 ? weightOne : randomWeight(random)))
  claims.forEach(({ proof }, index) => {
    putG1(kernel, c + index * 2 * elementBytes, proof.c)
    putG2(kernel, b + index * 2 * pairBytes, proof.b)
    const to = a + index * projectiveBytes(g1)
    const weight = weights[index] ?? weightOne
    putProjective(kernel, weight === weightOne ? to : point, proof.a)
    if (weight !== weightOne) multiplyByWeight(kernel, to, point, weight)
  })
  const isInSubgroup = prepareLines(kernel, b, lines)
  writeRatios(kernel, { points: a, count, out: ratios, isNegated: false })
  memory.release(mark)
  return { key, claims, weights, isInSubgroup, lines, ratios, c }
}

/** Those of the claims at `indexes` that do not hold; `isKnown`: there is one among them. */
function findFalse(batch: Batch, indexes: readonly number[], isKnown = false): readonly number[] {
  if (indexes.length === 0 || (!isKnown && holds(batch, indexes))) return []
  if (indexes.length === 1) return indexes
  const half = indexes.length >> 1
  const left = findFalse(batch, indexes.slice(0, half))
  // What makes the sum wrong and is not in one half is in the other.
  return [...left, ...findFalse(batch, indexes.slice(half), left.length === 0)]
}

/** Whether the weighted sum of the equations of these claims holds. */
function holds(batch: Batch, indexes: readonly number[]): boolean {
  const { key, claims, weights } = batch
  const { kernel, lines } = key
  const { memory, g1 } = kernel
  const mark = memory.mark()
  const size = projectiveBytes(g1)
  const sums = memory.take(3 * size)
  const ratios = memory.take(3 * ratioBytes)

  const ofSignals = Array.from({ length: key.signalCount + 1 }, () => 0n)
  const ofC = claims.map(() => 0n)
  for (const index of indexes) {
    const weight = weights[index]?.value ?? 0n
    ofC[index] = weight
    const factors = [1n, ...(claims[index]?.signals ?? [])]
    factors.forEach((factor, place) => {
      ofSignals[place] = ((ofSignals[place] ?? 0n) + weight * factor) % fieldOrder
    })
  }
  multiplyPoint(kernel, g1, sums, key.alpha, ofSignals[0] ?? 0n)
  addMultiples(kernel, key.ic, ofSignals, sums + size)
  addMultiples(kernel, batch.c, ofC, sums + 2 * size)
  writeRatios(kernel, { points: sums, count: 3, out: ratios, isNegated: true })

  const isOne = productIsOne(kernel, [
    ...indexes.map((index) => ({
      lines: batch.lines,
      index,
      ratios: batch.ratios + index * ratioBytes,
    })),
    ...[0, 1, 2].map((index) => ({ lines, index, ratios: ratios + index * ratioBytes })),
  ])
  memory.release(mark)
  return isOne
}

/** Fewer additions by longer digits when there are more points. */
function digitBits(count: number): number {
  return count < 32 ? 4 : 5
}

/** out ← Σ scalar·point, projective, of affine points side by side. */
function addMultiples(
  kernel: PairingKernel,
  points: number,
  scalars: readonly bigint[],
  out: number,
): void {
  const { memory, g1 } = kernel
  const mark = memory.mark()
  const count = scalars.length
  const used = scalars.flatMap((scalar, index) => (scalar === 0n ? [] : [index]))
  const [only = 0] = used
  if (used.length === 1) {
    const point = memory.take(projectiveBytes(g1))
    infinity(kernel, g1, point)
    addAffine(kernel, g1, point, points + only * 2 * elementBytes)
    multiplyPoint(kernel, g1, out, point, scalars[only] ?? 0n)
    memory.release(mark)
    return
  }
  const address = memory.take(count * elementBytes)
  scalars.forEach((scalar, index) => memory.putElement(address + index * elementBytes, scalar))
  const digits = digitsOf(memory.words, address, count, digitBits(count))
  const scalarIndexes = Uint32Array.from(scalars.keys())
  multiplyPoints(kernel, g1, [{ points: { address: points, scalarIndexes }, digits }], out)
  memory.release(mark)
}
