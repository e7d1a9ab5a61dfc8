/**
 * What makes the large sums of a proof in the place of the processor (ZK-6). An interface only; the
 * one there is runs on a GPU (`gpu/accelerator.ts`).
 *
 * It reads its input from the memory of the kernel that the key is in and writes what it made
 * there. After a fault that memory may hold anything at the addresses that it was to write to.
 */

import type { Result } from '../../../src/core/base/result.ts'
import type { AccelerationFault } from '../../../src/ports/prover.ts'
import type { Terms } from './multiScalar.ts'

export type Accelerated = Promise<Result<void, { readonly code: AccelerationFault }>>

export interface Accelerator {
  /**
   * From A·w and B·w on the domain to the quotient's scalars, plain limbs below r, at `out`: as
   * `quotientScalars` has them.
   */
  quotient(vectors: { readonly a: number; readonly b: number; readonly out: number }): Accelerated
  /**
   * For each group of terms their sum in G1, projective, at the address of the same index: as
   * `multiplyPoints` has it. Has read the digits when it returns; tables are those of the key or
   * begin where one of them does.
   */
  sums(groups: readonly (readonly Terms[])[], outs: readonly number[]): Accelerated
  /** Gives back what it holds for this key. */
  release(): void
}
