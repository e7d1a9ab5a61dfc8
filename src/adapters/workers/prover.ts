/**
 * The prover of a page: two dedicated workers behind the port (ZK-5).
 *
 * Proving and checking have a worker each, so that the proofs of others are checked while an own
 * one is made. Proving starts when first needed and ends when idle. Checking starts at once and
 * stays: a node that cannot judge a READY cannot follow the chain, and when it meets the first one
 * whoever serves these files may be gone (NET-12).
 */

import { ok } from '../../core/base/result.ts'
import type { Prover } from '../../ports/prover.ts'
import {
  proofOf,
  verdictOf,
  type AccelerationMode,
  type ProverChannel,
  type ProverReply,
  type StartRequest,
  type ThreadMode,
} from '../../../workers/prover/protocol.ts'
import { ProverLane, type LaneLimits } from '../../../workers/prover/lane.ts'

/** The longest time that a timer takes: 24 days. */
const neverMs = 2 ** 31 - 1

export interface WorkerProverOptions {
  /** Absolute URL of the folder with the circuit's files, with a slash at its end. */
  readonly artifactsUrl: string
  /** True on devnets only (ZK-2). */
  readonly allowsDevelopmentKeys: boolean
  readonly limits?: LaneLimits
  /** For benchmarks and tests; by measurement otherwise (ZK-11). */
  readonly acceleration?: AccelerationMode
  /** For benchmarks and tests; by measurement otherwise (ZK-12). */
  readonly threads?: ThreadMode | 'never'
}

export function createWorkerProver(options: WorkerProverOptions): Prover {
  const { threads = 'measured' } = options
  const start: StartRequest = {
    kind: 'start',
    source: { kind: 'url', base: options.artifactsUrl },
    allowsDevelopmentKeys: options.allowsDevelopmentKeys,
    acceleration: options.acceleration ?? 'measured',
    ...(threads !== 'never' && { threads }),
  }
  const open = (): Promise<ReturnType<typeof ok<ProverChannel>>> =>
    Promise.resolve(ok(openWorker(start)))
  const proving = new ProverLane(open, options.limits)
  const checking = new ProverLane(open, { ...options.limits, idleMs: neverMs })
  void checking.run({ kind: 'warm' })
  return {
    async prove({ circuitInput, publicInputs }, proveOptions) {
      return proofOf(await proving.run({ kind: 'prove', circuitInput, publicInputs }, proveOptions))
    },
    async verify(proof, publicInputs) {
      return verdictOf(await checking.run({ kind: 'verify', proof, publicInputs }))
    },
    close() {
      proving.close()
      checking.close()
      return Promise.resolve()
    },
  }
}

function openWorker(start: StartRequest): ProverChannel {
  const worker = new Worker(new URL('../../../workers/prover/worker.ts', import.meta.url), {
    type: 'module',
    name: 'prover',
  })
  worker.postMessage(start)
  return {
    post: (message) => worker.postMessage(message),
    listen(onReply, onCrash) {
      worker.onmessage = (event: MessageEvent<ProverReply>) => onReply(event.data)
      worker.onerror = (event) => onCrash(event.message || 'the worker could not be started')
      worker.onmessageerror = () => onCrash('a message could not be read')
    },
    terminate: () => worker.terminate(),
  }
}
