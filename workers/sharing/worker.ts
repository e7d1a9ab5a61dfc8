/**
 * The sharing worker (BEACON-2): a dedicated worker of the page, and in Node the body of a thread.
 * Only what both worlds have is used here, so that both run the same code.
 */
import { err } from '../../src/core/base/result.ts'
import { SharingEngine } from './engine.ts'
import type { SharingOutcome, SharingTask } from './protocol.ts'

/** Of a worker's global scope; `src/adapters/node/sharingThread.ts` makes one. */
interface SharingScope {
  onmessage: ((event: { readonly data: SharingTask }) => void) | null
  postMessage(outcome: SharingOutcome): void
}

const scope = globalThis as unknown as SharingScope
let engine: SharingEngine | undefined

scope.onmessage = ({ data }) => {
  scope.postMessage(outcomeOf(data))
}

function outcomeOf(task: SharingTask): SharingOutcome {
  try {
    engine ??= new SharingEngine()
    return engine.perform(task)
  } catch (error) {
    // Its memory may be in any state.
    engine = undefined
    return err({ code: 'WORK_CRASHED', reason: String(error).slice(0, 200) })
  }
}
