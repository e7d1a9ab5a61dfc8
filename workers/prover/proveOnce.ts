/**
 * One proof: by the accelerator where there is one, by the processor where that fails (ZK-11). With
 * the same blinding both give the same bytes, so that no second proof of a witness is ever made.
 */

import { equalBytes } from '../../src/core/base/bytes.ts'
import { err } from '../../src/core/base/result.ts'
import { encodeProof } from '../../src/core/emotion/proofCodec.ts'
import type {
  Acceleration as AccelerationState,
  AccelerationFault,
} from '../../src/ports/prover.ts'
import type { Acceleration } from './acceleration.ts'
import type { Groth16Prover } from './groth16/groth16Prover.ts'
import type { Blinding } from './groth16/prove.ts'
import type { ProverOutcome } from './protocol.ts'

export interface ProofWork {
  readonly prover: Groth16Prover
  readonly witness: Uint32Array
  readonly blinding: Blinding
  /** Absent: the processor, and nothing to say about it. */
  readonly acceleration: Acceleration | undefined
  /** Share of the work that is done, 0..1: begins again when the accelerator fails. */
  readonly onShare: (share: number, by: AccelerationState | undefined) => void
  /** The proof when it holds: what is not accepted goes nowhere (ZK-6). */
  readonly accept: (proof: Uint8Array) => Promise<ProverOutcome>
}

export async function proveOnce(work: ProofWork): Promise<ProverOutcome> {
  const { prover, witness, blinding, acceleration, onShare, accept } = work
  const tried = acceleration === undefined ? undefined : await accelerate(work, acceleration)
  if (tried?.kind === 'accepted') return tried.outcome
  const by = tried === undefined ? undefined : ({ by: 'cpu', code: tried.code } as const)
  const made = prover.prove(witness, blinding, (share) => onShare(share, by))
  if (made === undefined) return err({ code: 'PROVER_CRASHED', reason: 'a point at infinity' })
  const proof = encodeProof(made)
  // The same proof would be refused because the statement is false, and nobody's fault.
  if (tried?.refused !== undefined && !equalBytes(tried.refused, proof)) {
    await acceleration?.drop('GPU_WRONG')
  }
  return accept(proof)
}

type Tried =
  | { readonly kind: 'accepted'; readonly outcome: ProverOutcome }
  | {
      readonly kind: 'failed'
      readonly code: AccelerationFault
      /** A proof that does not hold; no bytes for a point at infinity. */
      readonly refused?: Uint8Array
    }

async function accelerate(
  { prover, witness, blinding, onShare, accept }: ProofWork,
  acceleration: Acceleration,
): Promise<Tried> {
  const accelerator = await acceleration.acceleratorFor(prover.loaded)
  if (!accelerator.ok) return { kind: 'failed', code: accelerator.error.code }
  const made = await prover.proveBy(accelerator.value, witness, blinding, (share) =>
    onShare(share, { by: 'gpu' }),
  )
  if (!made.ok) {
    await acceleration.drop(made.error.code)
    return { kind: 'failed', code: made.error.code }
  }
  const proof = made.value === undefined ? new Uint8Array() : encodeProof(made.value)
  const outcome = await accept(proof)
  if (outcome.ok) return { kind: 'accepted', outcome }
  return { kind: 'failed', code: 'GPU_WRONG', refused: proof }
}
