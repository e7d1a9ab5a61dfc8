/**
 * The prover worker's body in a thread of Node: gives it the global scope of a dedicated worker.
 *
 * A build puts this file beside the program that uses `prover.ts`, as `proverThread.js`.
 */

import { parentPort } from 'node:worker_threads'

const port = parentPort
if (port === null) throw new Error('proverThread runs in a worker thread')

interface Scope {
  onmessage: ((event: { readonly data: unknown }) => void) | null
}

Object.assign(globalThis, {
  onmessage: null,
  postMessage: (message: unknown) => port.postMessage(message),
})
await import('../../../workers/prover/worker.ts')
port.on('message', (data: unknown) => (globalThis as unknown as Scope).onmessage?.({ data }))
