/**
 * The conversation with a prover worker: its messages (ZK-5). The client's side is `lane.ts`.
 *
 * The same for a dedicated worker of a page and for a thread of Node: both come as a
 * `ProverChannel`.
 */

import { err, ok, type Result } from '../../src/core/base/result.ts'
import type { CircuitInput } from '../../src/core/emotion/statement.ts'
import type {
  NamedProofInputs,
  ProofFault,
  ProofInputs,
  ProverError,
  ProverProgress,
} from '../../src/ports/prover.ts'

/** The circuit that a proof of these inputs belongs to. */
export type CircuitName = 'emotional_proof' | NamedProofInputs['circuit']

/** Where the worker finds the circuits' files: fetched below a URL, or handed over. */
export type ArtifactSource =
  | { readonly kind: 'url'; readonly base: string }
  | { readonly kind: 'bytes'; readonly files: Readonly<Record<string, Uint8Array>> }

/** First message of a conversation. */
export interface StartRequest {
  readonly kind: 'start'
  readonly source: ArtifactSource
  /** Only a devnet accepts keys of a published seed (ZK-2). */
  readonly allowsDevelopmentKeys: boolean
  /** Absent: the processor makes every proof, and nothing is measured (ZK-11). */
  readonly acceleration?: AccelerationMode
  /** Absent: one thread makes every proof of the processor, and nothing is measured (ZK-12). */
  readonly threads?: ThreadMode
}

/**
 * `measured`: the GPU where it was quicker. For tests and benchmarks, `software`: the same, but an
 * adapter that draws by software is measured too; `forced`: any adapter, and for the first proof.
 */
export type AccelerationMode = 'measured' | 'software' | 'forced'

/** `measured`: two where they were quicker. `forced`, for tests and benchmarks: always. */
export type ThreadMode = 'measured' | 'forced'

export interface ProveTask {
  readonly kind: 'prove'
  readonly circuitInput: CircuitInput
  readonly publicInputs: ProofInputs
}

export interface VerifyTask {
  readonly kind: 'verify'
  readonly proof: Uint8Array
  readonly publicInputs: ProofInputs
}

/** Loads what checking needs, while whoever serves the files is there. */
export interface WarmTask {
  readonly kind: 'warm'
}

export type ProverTask = ProveTask | VerifyTask | WarmTask

/** Proofs that waited at the same time are checked together (ZK-7). */
export type ProverMessage =
  | StartRequest
  | { readonly kind: 'task'; readonly task: ProveTask | WarmTask }
  | { readonly kind: 'verify'; readonly tasks: readonly VerifyTask[] }

/** The proof for a prove task, nothing for the others. */
export type ProverOutcome = Result<Uint8Array | undefined, ProofFault | ProverError>

export type ProverReply =
  | { readonly kind: 'progress'; readonly progress: ProverProgress }
  | { readonly kind: 'outcome'; readonly outcome: ProverOutcome }
  /** One for each task of a `verify` message, in its order. */
  | { readonly kind: 'verdicts'; readonly outcomes: readonly ProverOutcome[] }

export interface ProverChannel {
  post(message: ProverMessage): void
  /** Set once, before the first post. */
  listen(onReply: (reply: ProverReply) => void, onCrash: (reason: string) => void): void
  terminate(): void
}

/** Opens a channel and sends its start request. */
export type OpenChannel = () => Promise<Result<ProverChannel, ProverError>>

/** The proof of a finished prove task. */
export function proofOf(outcome: ProverOutcome): Result<Uint8Array, ProverError> {
  if (!outcome.ok) return isProofFault(outcome.error) ? crashed() : err(outcome.error)
  return outcome.value === undefined ? crashed() : ok(outcome.value)
}

/** The verdict of a finished verify task. */
export function verdictOf(outcome: ProverOutcome): Result<void, ProofFault | ProverError> {
  return outcome.ok ? ok(undefined) : outcome
}

function crashed(): Result<never, ProverError> {
  return err({ code: 'PROVER_CRASHED', reason: 'the worker gave a proof that does not hold' })
}

function isProofFault(error: ProofFault | ProverError): error is ProofFault {
  return error.code.startsWith('PROOF_')
}
