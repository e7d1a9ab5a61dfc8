/**
 * The second thread in Node: its body with the global scope of a dedicated worker, and on request a
 * fault. Tests and benches start it with `startSumThread`.
 */

import { fileURLToPath } from 'node:url'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import type { FromThread, ThreadChannel, ToThread } from '../../workers/prover/threads/protocol.ts'

/** What it does in the place of an answer to a request for sums. */
export type Sabotage =
  | 'none'
  /** Takes the request, and never answers. */
  | 'silent'
  /** Is gone, with no word. */
  | 'exit'
  | 'throw'
  | 'infinity'
  /** A is another point of the curve. */
  | 'wrong'
  | 'off the curve'
  | 'above the order'
  | 'too short'
  | 'no reply'
  | 'another number'

const runner = fileURLToPath(new URL('../../scripts/run.js', import.meta.url))

export function startSumThread(sabotage: Sabotage = 'none'): ThreadChannel {
  const thread = new Worker(runner, { argv: [fileURLToPath(import.meta.url), sabotage] })
  thread.unref()
  return {
    post: (message, handedOver) => thread.postMessage(message, [...handedOver]),
    listen(onReply, onEnd) {
      thread.on('message', onReply)
      thread.on('error', onEnd)
      thread.on('exit', onEnd)
    },
    terminate: () => void thread.terminate(),
  }
}

/** A reply to send, or undefined for none. */
function change(sabotage: Sabotage, reply: FromThread): unknown {
  if (reply.kind === 'ready') return reply
  const { bytes } = reply
  switch (sabotage) {
    case 'none':
      return reply
    case 'silent':
      return undefined
    case 'exit':
      process.exit(1)
      return undefined
    case 'throw':
      throw new Error('as asked')
    case 'infinity':
      return { ...reply, bytes: new Uint8Array() }
    case 'wrong':
      // The point of B in G1 in the place of A's.
      bytes.copyWithin(0, 192)
      return reply
    case 'off the curve':
      bytes[255] = (bytes[255] ?? 0) ^ 1
      return reply
    case 'above the order':
      bytes[0] = 255
      return reply
    case 'too short':
      return { ...reply, bytes: bytes.slice(1) }
    case 'no reply':
      return { ...reply, bytes: [...bytes] }
    case 'another number':
      return { ...reply, id: reply.id + 1 }
  }
}

async function serve(sabotage: Sabotage): Promise<void> {
  const scope = globalThis as unknown as {
    onmessage?: (event: { readonly data: ToThread }) => void
    postMessage: (reply: FromThread) => void
  }
  scope.postMessage = (reply) => {
    const sent = change(sabotage, reply)
    if (sent !== undefined) parentPort?.postMessage(sent)
  }
  await import('../../workers/prover/threads/sumWorker.ts')
  parentPort?.on('message', (data: ToThread) => scope.onmessage?.({ data }))
}

if (!isMainThread && process.argv[1] === fileURLToPath(import.meta.url)) {
  await serve((process.argv[2] ?? 'none') as Sabotage)
}
