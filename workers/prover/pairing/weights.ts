/**
 * Random weights for a sum of equations: a + λ·b, with a and b of 64 bits from the platform's
 * generator and λ the eigenvalue of φ(x, y) = (β·x, y) on the curve (ZK-7, RAND-1).
 *
 * They are 2^128 different ones: no vector of the lattice {(a, b): a + λ·b ≡ 0} has both its
 * components below 2^65. And a·P + b·φ(P) takes half the doublings of a multiple by 128 bits.
 */

import { bytesToInteger, fieldOrder } from '../../../src/core/emotion/field.ts'
import type { Random } from '../../../src/ports/random.ts'
import { addProjective, infinity, projectiveBytes } from '../groth16/points.ts'
import { beta, eigenvalue } from '../kernel/curve.ts'
import { elementBytes } from '../kernel/limbs.ts'
import { putBase, type PairingKernel } from './pairingKernel.ts'

const halfBytes = 8

export interface Weight {
  readonly a: bigint
  readonly b: bigint
  /** a + λ·b modulo r. */
  readonly value: bigint
}

export const weightOne: Weight = { a: 1n, b: 0n, value: 1n }

export function randomWeight(random: Random): Weight {
  const bytes = random.bytes(2 * halfBytes)
  const a = bytesToInteger(bytes.subarray(0, halfBytes))
  const b = bytesToInteger(bytes.subarray(halfBytes))
  return { a, b, value: (a + eigenvalue * b) % fieldOrder }
}

/** out ← weight·point, both projective in G1; `out` is not `point`. */
export function multiplyByWeight(
  kernel: PairingKernel,
  out: number,
  point: number,
  { a, b }: Weight,
): void {
  const { memory, fq, g1 } = kernel
  const mark = memory.mark()
  const [mapped, sum] = [memory.take(projectiveBytes(g1)), memory.take(projectiveBytes(g1))]
  const factor = memory.take(elementBytes)
  putBase(kernel, factor, beta)
  memory.words.copyWithin(mapped / 4, point / 4, (point + projectiveBytes(g1)) / 4)
  fq.mul(mapped, mapped, factor)
  addProjective(g1, sum, point, mapped)
  const summands = [undefined, point, mapped, sum]
  infinity(kernel, g1, out)
  for (let bit = BigInt(8 * halfBytes) - 1n; bit >= 0n; bit -= 1n) {
    addProjective(g1, out, out, out)
    const summand = summands[Number(((a >> bit) & 1n) | (((b >> bit) & 1n) << 1n))]
    if (summand !== undefined) addProjective(g1, out, out, summand)
  }
  memory.release(mark)
}
