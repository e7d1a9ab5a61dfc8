/** The signature verifier of a page: dedicated workers behind the port (SIG-1). */

import type { SignatureVerifier } from '../../ports/signatureVerifier.ts'
import { SignaturePool, workerCountFor } from '../../../workers/signatures/lane.ts'
import type { SignatureChannel, SignatureReply } from '../../../workers/signatures/protocol.ts'

/** Starts workers when first needed, at most as many as the machine has cores. */
export function createWorkerSignatureVerifier(): SignatureVerifier {
  const workerCount = workerCountFor(navigator.hardwareConcurrency)
  const pool = new SignaturePool(openWorker, { workerCount })
  return {
    verifyBatch: (items) => pool.verifyBatch(items),
    close() {
      pool.close()
      return Promise.resolve()
    },
  }
}

function openWorker(): SignatureChannel {
  const worker = new Worker(new URL('../../../workers/signatures/worker.ts', import.meta.url), {
    type: 'module',
    name: 'signatures',
  })
  return {
    post: (task) => worker.postMessage(task, [task.packed.buffer]),
    listen(onReply, onCrash) {
      worker.onmessage = (event: MessageEvent<SignatureReply>) => onReply(event.data)
      worker.onerror = (event) => onCrash(event.message || 'the worker could not be started')
      worker.onmessageerror = () => onCrash('a message could not be read')
    },
    terminate: () => worker.terminate(),
  }
}
