/**
 * Makes and checks the proofs of the circuits (ZK-4, ZK-5). An interface only.
 *
 * Both can take seconds and both run off the caller's thread. What is wrong with a *proof* has a
 * code that begins with `PROOF_`; every other code says that nothing could be decided, and must
 * never be taken for an invalid proof.
 */

import type { Result } from '../core/base/result.ts'
import type { ConsentPublicInputs } from '../core/consent/publicSignals.ts'
import type { ProofError } from '../core/emotion/proofCodec.ts'
import type { EmotionalPublicInputs } from '../core/emotion/publicSignals.ts'
import type { SignedPublicInputs } from '../core/emotion/signedSignals.ts'
import type { CircuitInput } from '../core/emotion/statement.ts'
import type { LivenessPublicInputs } from '../core/liveness/publicSignals.ts'
import type { TwoPublicInputs } from '../core/liveness/twoStatement.ts'
import type { WellnessPublicInputs } from '../core/wellness/publicSignals.ts'

/** 256 bytes, see `src/core/emotion/proofCodec.ts`. */
export type ProofBytes = Uint8Array

/** What a proof of the circuit of that name is checked against. */
export interface LivenessProofInputs extends LivenessPublicInputs {
  readonly circuit: 'liveness_proof'
}

/** What a proof of the circuit of that name is checked against. */
export interface WellnessProofInputs extends WellnessPublicInputs {
  readonly circuit: 'wellness_share'
}

/** What a proof of the circuit of that name is checked against. */
export interface ConsentProofInputs extends ConsentPublicInputs {
  readonly circuit: 'consent_proof'
}

/** What a proof of the circuit of that name is checked against. */
export interface SignedProofInputs extends SignedPublicInputs {
  readonly circuit: 'emotional_proof_signed'
}

/** What a proof of the circuit of that name is checked against. */
export interface TwoProofInputs extends TwoPublicInputs {
  readonly circuit: 'emotional_proof_two'
}

export type NamedProofInputs =
  | LivenessProofInputs
  | WellnessProofInputs
  | ConsentProofInputs
  | SignedProofInputs
  | TwoProofInputs

/** Without the name of a circuit they are those of `emotional_proof`. */
export type ProofInputs = EmotionalPublicInputs | NamedProofInputs

export type ProverStage = 'loading' | 'checking' | 'witness' | 'proving' | 'verifying'

export interface ProverProgress {
  readonly stage: ProverStage
  /** Of the whole proof, 0..100; never falls. */
  readonly percent: number
  /** Absent where nothing was to be chosen: in Node, and before the proof is begun. */
  readonly acceleration?: Acceleration
}

/** What makes the large sums of a proof (ZK-11, ZK-12). */
export type Acceleration =
  | { readonly by: 'gpu' }
  /** The processor, on two threads. Why not the GPU: absent where that was not to be chosen. */
  | { readonly by: 'threads'; readonly code?: AccelerationFault }
  /** The processor, on one thread. Why not the GPU, and why not two threads: as above. */
  | { readonly by: 'cpu'; readonly code?: AccelerationFault; readonly thread?: ThreadFault }

/** Why the processor makes the proof, and not the GPU. A proof is made in any case. */
export type AccelerationFault =
  /** The browser gives a worker no WebGPU, or none that it trusts: nothing to do. */
  | 'GPU_ABSENT'
  /** The adapter is a program on the processor: switch on hardware acceleration, if any. */
  | 'GPU_SOFTWARE'
  /** Not measured yet; that is done in idle time after a proof. */
  | 'GPU_UNMEASURED'
  /** Chosen; made ready in idle time after the first proof of a worker. */
  | 'GPU_STARTING'
  /** The processor was as quick when both were measured: nothing to do. */
  | 'GPU_SLOWER'
  /** The device's buffers are too small for the key: nothing to do. */
  | 'GPU_LIMITS'
  /** The device was lost: by a reset, a sleep, or its driver. The next start tries again. */
  | 'GPU_LOST'
  /** The device refused an operation, often for want of memory. The next start tries again. */
  | 'GPU_FAILED'
  /** The device gave no answer in time. The next start tries again. */
  | 'GPU_SILENT'
  /** The device gave another result than the processor; it is not used again in this browser. */
  | 'GPU_WRONG'

/** Why one thread makes the proof, and not two (ZK-12). A proof is made in any case. */
export type ThreadFault =
  /** The browser lets a worker start none of its own: nothing to do. */
  | 'THREAD_ABSENT'
  /** Fewer than three cores: the others are for the page and for votes. Nothing to do. */
  | 'THREAD_CORES'
  /** Not measured yet; that is done in idle time after a proof. */
  | 'THREAD_UNMEASURED'
  /** Chosen; started in idle time after the first proof of a worker. */
  | 'THREAD_STARTING'
  /** Two threads took more than four fifths of the time of one: nothing to do. */
  | 'THREAD_SLOWER'
  /** It did not start, or ended, often for want of memory. The next start tries again. */
  | 'THREAD_FAILED'
  /** It gave no answer in time: other work has the cores. The next start tries again. */
  | 'THREAD_SILENT'
  /** It answered something else than three points. The next start tries again. */
  | 'THREAD_MALFORMED'
  /** It gave other sums than one thread; none is started again in this browser. */
  | 'THREAD_WRONG'

/** Why a proof could not be made, or a check not be carried out. */
export type ProverError =
  /** Circuit files could not be loaded: check the connection, or run `npm run circuits`. */
  | { readonly code: 'ARTIFACT_UNAVAILABLE'; readonly file: string; readonly reason: string }
  /** A circuit file is not the one that this build was made for: reload the page. */
  | { readonly code: 'ARTIFACT_CHANGED'; readonly file: string }
  /** A circuit file of this build cannot be read: run `npm run circuits -- --force`. */
  | { readonly code: 'ARTIFACT_MALFORMED'; readonly reason: string }
  /** Keys of a published seed on a chain that is no devnet (ZK-2). */
  | { readonly code: 'DEVELOPMENT_KEYS' }
  /** The statement is false; `buildStatement` says in which way before it comes to this. */
  | { readonly code: 'WITNESS_REFUSED'; readonly reason: string }
  | { readonly code: 'CANCELLED' }
  /** Too many requests wait already: try again later. */
  | { readonly code: 'PROVER_BUSY' }
  /** The worker ended, often for want of memory. The next request starts a fresh one. */
  | { readonly code: 'PROVER_CRASHED'; readonly reason: string }

/** What is wrong with a proof. */
export type ProofFault =
  | ProofError
  /** B is on its curve and not in the subgroup of order r. */
  | { readonly code: 'PROOF_SUBGROUP' }
  /** The pairing equation does not hold for these public inputs. */
  | { readonly code: 'PROOF_INVALID' }

export interface ProveOptions {
  /** Ends the work at once; the result is `CANCELLED`. */
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: ProverProgress) => void
}

export interface ProveRequest {
  readonly circuitInput: CircuitInput
  readonly publicInputs: ProofInputs
}

export interface Prover {
  prove(request: ProveRequest, options?: ProveOptions): Promise<Result<ProofBytes, ProverError>>
  /** ok: the proof holds for exactly these public inputs. */
  verify(
    proof: ProofBytes,
    publicInputs: ProofInputs,
  ): Promise<Result<void, ProofFault | ProverError>>
  /** Ends its workers; waiting requests are cancelled. */
  close(): Promise<void>
}
