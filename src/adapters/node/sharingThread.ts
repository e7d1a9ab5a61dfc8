/**
 * The sharing worker's body in a thread of Node: an entry that gives it the global scope of a
 * dedicated worker. A build puts this file beside the program that uses `sharingWork.ts`, as
 * `sharingThread.js`.
 */
import { parentPort } from 'node:worker_threads'
import '../../../workers/sharing/worker.ts'
import type { SharingOutcome, SharingTask } from '../../../workers/sharing/protocol.ts'

interface Scope {
  onmessage?: (event: { readonly data: SharingTask }) => void
  postMessage: (outcome: SharingOutcome) => void
}

const scope = globalThis as unknown as Scope
scope.postMessage = (outcome) => parentPort?.postMessage(outcome)
parentPort?.on('message', (data: SharingTask) => scope.onmessage?.({ data }))
