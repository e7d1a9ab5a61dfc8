/**
 * One proof: by the accelerator where there is one (ZK-11), by two threads where they are quicker
 * (ZK-12), by one where those fail. With the same blinding all give the same bytes, so that no
 * second proof of a witness is ever made.
 */

import { equalBytes } from '../../src/core/base/bytes.ts'
import { err } from '../../src/core/base/result.ts'
import { encodeProof, type EmotionalProof } from '../../src/core/emotion/proofCodec.ts'
import type {
  Acceleration as AccelerationState,
  AccelerationFault,
  ThreadFault,
} from '../../src/ports/prover.ts'
import type { Acceleration } from './acceleration.ts'
import type { Groth16Prover } from './groth16/groth16Prover.ts'
import type { Blinding } from './groth16/prove.ts'
import type { ProverOutcome } from './protocol.ts'
import type { Threads } from './threads/threads.ts'

export interface ProofWork {
  readonly prover: Groth16Prover
  readonly witness: Uint32Array
  readonly blinding: Blinding
  /** Absent: the processor, and nothing to say about it. */
  readonly acceleration: Acceleration | undefined
  /** Absent: one thread of it, and nothing to say about that. */
  readonly threads: Threads | undefined
  /** Share of the work that is done, 0..1: begins again when the accelerator fails. */
  readonly onShare: (share: number, by: AccelerationState | undefined) => void
  /** The proof when it holds: what is not accepted goes nowhere (ZK-6). */
  readonly accept: (proof: Uint8Array) => Promise<ProverOutcome>
}

/** Why it was not made so; a proof that was made and does not hold is compared with the next. */
interface Failed<Fault> {
  readonly kind: 'failed'
  /** Absent where it was not to be tried. */
  readonly code?: Fault
  /** No bytes for a point at infinity. */
  readonly refused?: Uint8Array
}

type Tried<Fault> = { readonly kind: 'settled'; readonly outcome: ProverOutcome } | Failed<Fault>

const untried: Failed<never> = { kind: 'failed' }

export async function proveOnce(work: ProofWork): Promise<ProverOutcome> {
  const { prover, witness, blinding, acceleration, onShare, accept } = work
  const gpu = await proveByGpu(work)
  if (gpu.kind === 'settled') return gpu.outcome
  // What a refused proof is compared with is made by one thread.
  const two = gpu.refused === undefined ? await proveByThreads(work, gpu) : untried
  if (two.kind === 'settled') return two.outcome
  const by = stateOf(gpu.code, two.code)
  const made = prover.prove(witness, blinding, (share) => onShare(share, by))
  if (made === undefined) return err({ code: 'PROVER_CRASHED', reason: 'a point at infinity' })
  const proof = encodeProof(made)
  // The same proof would be refused because the statement is false, and nobody's fault.
  if (isAnother(gpu.refused, proof)) await acceleration?.drop('GPU_WRONG')
  if (isAnother(two.refused, proof)) await work.threads?.drop('THREAD_WRONG')
  return accept(proof)
}

async function proveByGpu({
  prover,
  witness,
  blinding,
  acceleration,
  onShare,
  accept,
}: ProofWork): Promise<Tried<AccelerationFault>> {
  if (acceleration === undefined) return untried
  const accelerator = await acceleration.acceleratorFor(prover.loaded)
  if (!accelerator.ok) return { kind: 'failed', code: accelerator.error.code }
  const made = await prover.proveBy(accelerator.value, witness, blinding, (share) =>
    onShare(share, { by: 'gpu' }),
  )
  if (!made.ok) {
    await acceleration.drop(made.error.code)
    return { kind: 'failed', code: made.error.code }
  }
  const proof = bytesOf(made.value)
  const outcome = await accept(proof)
  if (outcome.ok) return { kind: 'settled', outcome }
  return { kind: 'failed', code: 'GPU_WRONG', refused: proof }
}

async function proveByThreads(
  { prover, witness, blinding, threads, onShare, accept }: ProofWork,
  gpu: Failed<AccelerationFault>,
): Promise<Tried<ThreadFault>> {
  if (threads === undefined) return untried
  const thread = await threads.threadFor(prover.loaded)
  if (!thread.ok) return { kind: 'failed', code: thread.error.code }
  let by: AccelerationState | undefined = {
    by: 'threads',
    ...(gpu.code !== undefined && { code: gpu.code }),
  }
  let fault: ThreadFault | undefined
  const made = await threads.prove(thread.value, prover.loaded, {
    witness,
    blinding,
    onShare: (share) => onShare(share, by),
    onFault: (code) => {
      fault = code
      by = stateOf(gpu.code, code)
    },
  })
  if (fault !== undefined) await threads.drop(fault)
  const proof = bytesOf(made)
  const outcome = await accept(proof)
  // With a fault it is already the proof of one thread.
  if (outcome.ok || fault !== undefined) return { kind: 'settled', outcome }
  return { kind: 'failed', code: 'THREAD_WRONG', refused: proof }
}

/** One thread of the processor, and why; nothing to say where nothing else was to be tried. */
function stateOf(
  code: AccelerationFault | undefined,
  thread: ThreadFault | undefined,
): AccelerationState | undefined {
  if (code === undefined && thread === undefined) return undefined
  return { by: 'cpu', ...(code !== undefined && { code }), ...(thread !== undefined && { thread }) }
}

function bytesOf(proof: EmotionalProof | undefined): Uint8Array {
  return proof === undefined ? new Uint8Array() : encodeProof(proof)
}

function isAnother(refused: Uint8Array | undefined, proof: Uint8Array): boolean {
  return refused !== undefined && !equalBytes(refused, proof)
}
