/** What the ways of making one proof have in common (ZK-11, ZK-12): the work, and how it went. */

import { encodeProof, type EmotionalProof } from '../../src/core/emotion/proofCodec.ts'
import type { Acceleration, AccelerationFault, ThreadFault } from '../../src/ports/prover.ts'
import type { Groth16Prover } from './groth16/groth16Prover.ts'
import type { Blinding } from './groth16/prove.ts'
import type { ProverOutcome } from './protocol.ts'

export interface ProofWork {
  readonly prover: Groth16Prover
  readonly witness: Uint32Array
  readonly blinding: Blinding
  /** Share of the work that is done, 0..1: begins again when another way is taken. */
  readonly onShare: (share: number, by: Acceleration | undefined) => void
  /** The proof when it holds: what is not accepted goes nowhere (ZK-6). */
  readonly accept: (proof: Uint8Array) => Promise<ProverOutcome>
}

/** Why it was not made so; a proof that was made and does not hold is compared with the next. */
export interface Failed<Fault> {
  readonly kind: 'failed'
  /** Absent where it was not to be tried. */
  readonly code?: Fault
  /** No bytes for a point at infinity. */
  readonly refused?: Uint8Array
}

export type Tried<Fault> =
  { readonly kind: 'settled'; readonly outcome: ProverOutcome } | Failed<Fault>

/** One thread of the processor, and why; nothing to say where nothing else was to be tried. */
export function oneThread(
  code: AccelerationFault | undefined,
  thread: ThreadFault | undefined,
): Acceleration | undefined {
  if (code === undefined && thread === undefined) return undefined
  return { by: 'cpu', ...(code !== undefined && { code }), ...(thread !== undefined && { thread }) }
}

export function bytesOf(proof: EmotionalProof | undefined): Uint8Array {
  return proof === undefined ? new Uint8Array() : encodeProof(proof)
}
