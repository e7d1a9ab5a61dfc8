/** The sharing's cryptography in a Node program: a thread behind the port (BEACON-2). */
import { existsSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import type { SharingWork } from '../../ports/sharingWork.ts'
import { SharingLane, sharingWorkOf } from '../../../workers/sharing/lane.ts'
import type { SharingChannel, SharingOutcome } from '../../../workers/sharing/protocol.ts'

/** Starts its thread when first needed. */
export function createNodeSharingWork(): SharingWork {
  return sharingWorkOf(new SharingLane(openThread))
}

function openThread(): SharingChannel {
  const thread = new Worker(threadUrl())
  // The program may end while an idle thread waits, not while one works.
  thread.unref()
  return {
    post(task) {
      thread.ref()
      thread.postMessage(task)
    },
    listen(onOutcome, onCrash) {
      thread.on('message', (outcome: SharingOutcome) => {
        thread.unref()
        onOutcome(outcome)
      })
      thread.on('error', (error) => onCrash(error.message))
      thread.on('exit', (code) => onCrash(`the thread ended with code ${code}`))
    },
    terminate: () => void thread.terminate(),
  }
}

/** From source the thread registers the TypeScript loader first; a build has it as JavaScript. */
function threadUrl(): URL {
  if (import.meta.url.endsWith('.ts')) return new URL('./sharingThreadSource.js', import.meta.url)
  // A bundler may have moved this file into a folder of shared chunks.
  const beside = new URL('./sharingThread.js', import.meta.url)
  return existsSync(beside) ? beside : new URL('../sharingThread.js', import.meta.url)
}
