/**
 * The signature worker's body in a thread of Node: an entry that gives it the global scope of a
 * dedicated worker. A build puts this file beside the program that uses `signatureVerifier.ts`, as
 * `signaturesThread.js`.
 */

import { parentPort } from 'node:worker_threads'
import '../../../workers/signatures/worker.ts'
import type { SignatureReply, SignatureTask } from '../../../workers/signatures/protocol.ts'

interface Scope {
  onmessage?: (event: { readonly data: SignatureTask }) => void
  postMessage: (reply: SignatureReply) => void
}

const scope = globalThis as unknown as Scope
scope.postMessage = (reply) => parentPort?.postMessage(reply)
parentPort?.on('message', (data: SignatureTask) => scope.onmessage?.({ data }))
