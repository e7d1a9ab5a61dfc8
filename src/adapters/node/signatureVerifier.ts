/** The signature verifier of a Node program: threads behind the port (SIG-1). */

import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { SignatureVerifier } from '../../ports/signatureVerifier.ts'
import { SignaturePool, workerCountFor } from '../../../workers/signatures/lane.ts'
import type { SignatureChannel, SignatureReply } from '../../../workers/signatures/protocol.ts'

/** Starts threads when first needed; `workerCount` as many as there are cores, if not said. */
export function createNodeSignatureVerifier(
  workerCount = workerCountFor(availableParallelism()),
): SignatureVerifier {
  const pool = new SignaturePool(openThread, { workerCount })
  return {
    verifyBatch: (items) => pool.verifyBatch(items),
    close() {
      pool.close()
      return Promise.resolve()
    },
  }
}

function openThread(): SignatureChannel {
  const thread = new Worker(threadUrl())
  // The program may end while an idle thread waits, not while one works.
  thread.unref()
  return {
    post(task) {
      thread.ref()
      thread.postMessage(task, [task.packed.buffer])
    },
    listen(onReply, onCrash) {
      thread.on('message', (reply: SignatureReply) => {
        thread.unref()
        onReply(reply)
      })
      thread.on('error', (error) => onCrash(error.message))
      thread.on('exit', (code) => onCrash(`the thread ended with code ${code}`))
    },
    terminate: () => void thread.terminate(),
  }
}

/** From source the thread registers the TypeScript loader first; a build has it as JavaScript. */
function threadUrl(): URL {
  if (import.meta.url.endsWith('.ts')) {
    return new URL('./signaturesThreadSource.js', import.meta.url)
  }
  // A bundler may have moved this file into a folder of shared chunks.
  const beside = new URL('./signaturesThread.js', import.meta.url)
  return existsSync(beside) ? beside : new URL('../signaturesThread.js', import.meta.url)
}
