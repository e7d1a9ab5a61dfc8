/**
 * One proof: by the accelerator where there is one (ZK-11), by two threads where they are quicker
 * (ZK-12), by one where those fail. With the same blinding all give the same bytes, so that no
 * second proof of a witness is ever made.
 */

import { equalBytes } from '../../src/core/base/bytes.ts'
import { err } from '../../src/core/base/result.ts'
import { encodeProof } from '../../src/core/emotion/proofCodec.ts'
import type { AccelerationFault, ThreadFault } from '../../src/ports/prover.ts'
import type { Acceleration } from './acceleration.ts'
import { bytesOf, oneThread, type Failed, type ProofWork, type Tried } from './attempt.ts'
import type { ProverOutcome } from './protocol.ts'
import type { Threads } from './threads/threads.ts'

/** Each absent: it is not tried, and there is nothing to say about it. */
export interface Ways {
  readonly acceleration: Acceleration | undefined
  readonly threads: Threads | undefined
  /** Why there are none, where they were to be tried. */
  readonly threadFault?: ThreadFault | undefined
}

const untried: Failed<never> = { kind: 'failed' }

export async function proveOnce(work: ProofWork, ways: Ways): Promise<ProverOutcome> {
  const { acceleration, threads } = ways
  const gpu = acceleration === undefined ? untried : await proveByGpu(work, acceleration)
  if (gpu.kind === 'settled') return gpu.outcome
  // What a refused proof is compared with is made by one thread.
  const isDivided = threads !== undefined && gpu.refused === undefined
  const two = isDivided ? await threads.prove(work, gpu.code) : withoutThreads(ways)
  if (two.kind === 'settled') return two.outcome
  const by = oneThread(gpu.code, two.code)
  const made = work.prover.prove(work.witness, work.blinding, (share) => work.onShare(share, by))
  if (made === undefined) return err({ code: 'PROVER_CRASHED', reason: 'a point at infinity' })
  const proof = encodeProof(made)
  // The same proof would be refused because the statement is false, and nobody's fault.
  if (isAnother(gpu.refused, proof)) await acceleration?.drop('GPU_WRONG')
  if (isAnother(two.refused, proof)) await threads?.drop('THREAD_WRONG')
  return work.accept(proof)
}

function withoutThreads({ threadFault }: Ways): Failed<ThreadFault> {
  return threadFault === undefined ? untried : { kind: 'failed', code: threadFault }
}

async function proveByGpu(
  { prover, witness, blinding, onShare, accept }: ProofWork,
  acceleration: Acceleration,
): Promise<Tried<AccelerationFault>> {
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

function isAnother(refused: Uint8Array | undefined, proof: Uint8Array): boolean {
  return refused !== undefined && !equalBytes(refused, proof)
}
