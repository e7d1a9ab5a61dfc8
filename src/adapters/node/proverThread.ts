/**
 * The prover worker's body in a thread of Node: an entry that gives it the global scope of a
 * dedicated worker. A build puts this file beside the program that uses `prover.ts`, as
 * `proverThread.js`.
 */

import { parentPort } from 'node:worker_threads'
import '../../../workers/prover/worker.ts'
import type { ProverMessage, ProverReply } from '../../../workers/prover/protocol.ts'

interface Scope {
  onmessage?: (event: { readonly data: ProverMessage }) => void
  postMessage: (reply: ProverReply) => void
}

const scope = globalThis as unknown as Scope
scope.postMessage = (reply) => parentPort?.postMessage(reply)
parentPort?.on('message', (data: ProverMessage) => scope.onmessage?.({ data }))
