/**
 * The prover worker: a dedicated worker of the page, and in Node the body of a thread.
 *
 * One conversation: a start request, then tasks, each answered by progress and one outcome. Only
 * what both worlds have is used here, so that both run the same code.
 */

import { err } from '../../src/core/base/result.ts'
import { ProverEngine } from './engine.ts'
import type { ProverMessage, ProverOutcome, ProverReply, ProverTask } from './protocol.ts'

/** What this needs of a worker's global scope; `src/adapters/node/proverThread.ts` makes one. */
interface ProverScope {
  onmessage: ((event: { readonly data: ProverMessage }) => void) | null
  postMessage(reply: ProverReply): void
}

const scope = globalThis as unknown as ProverScope
let engine: ProverEngine | undefined

scope.onmessage = ({ data }) => {
  if (data.kind === 'start') engine = new ProverEngine(data)
  else void answer(data.task)
}

async function answer(task: ProverTask): Promise<void> {
  let outcome: ProverOutcome
  try {
    outcome = await perform(task)
  } catch (error) {
    outcome = err({ code: 'PROVER_CRASHED', reason: String(error).slice(0, 200) })
  }
  scope.postMessage({ kind: 'outcome', outcome })
}

function perform(task: ProverTask): Promise<ProverOutcome> {
  if (engine === undefined) {
    const reason = 'a task came before the start request'
    return Promise.resolve(err({ code: 'PROVER_CRASHED', reason }))
  }
  if (task.kind === 'warm') return engine.warm()
  if (task.kind === 'verify') return engine.verify(task)
  let last = ''
  return engine.prove(task, (stage, share) => {
    const percent = Math.floor(share)
    const now = `${stage} ${percent}`
    if (now === last) return
    last = now
    scope.postMessage({ kind: 'progress', progress: { stage, percent } })
  })
}
