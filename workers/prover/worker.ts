/**
 * The prover worker: a dedicated worker of the page, and in Node the body of a thread.
 *
 * One conversation: a start request, then tasks, each answered by progress and one outcome, and
 * proofs to check, answered by their verdicts. Only what both worlds have is used here, so that
 * both run the same code.
 */

import { ProverEngine } from './engine.ts'
import { crashOutcome, judgeAll } from './judgeAll.ts'
import type {
  ProverMessage,
  ProverOutcome,
  ProverReply,
  ProveTask,
  VerifyTask,
  WarmTask,
} from './protocol.ts'

/** What this needs of a worker's global scope; `src/adapters/node/proverThread.ts` makes one. */
interface ProverScope {
  onmessage: ((event: { readonly data: ProverMessage }) => void) | null
  postMessage(reply: ProverReply): void
}

const scope = globalThis as unknown as ProverScope
let engine: ProverEngine | undefined

/** After a proof, so that votes which wait for the processor go first. */
const idleAfterMs = 3000
let idle: AbortController | undefined
let idleTimer: ReturnType<typeof setTimeout> | undefined

scope.onmessage = ({ data }) => {
  clearTimeout(idleTimer)
  idle?.abort()
  if (data.kind === 'start') engine = new ProverEngine(data)
  else if (data.kind === 'verify') void judge(data.tasks)
  else void answer(data.task)
}

async function judge(tasks: readonly VerifyTask[]): Promise<void> {
  const outcomes = await judgeAll(tasks, (together) => started().verifyAll(together))
  scope.postMessage({ kind: 'verdicts', outcomes })
}

async function answer(task: ProveTask | WarmTask): Promise<void> {
  let outcome: ProverOutcome
  try {
    outcome = await perform(task)
  } catch (error) {
    outcome = crashOutcome(error)
  }
  scope.postMessage({ kind: 'outcome', outcome })
  if (task.kind === 'prove') idleTimer = setTimeout(rest, idleAfterMs)
}

/** What it does may fail: only the next proof is slower. */
function rest(): void {
  idle = new AbortController()
  engine?.idle(idle.signal).catch(() => undefined)
}

function started(): ProverEngine {
  if (engine === undefined) throw new Error('a task came before the start request')
  return engine
}

function perform(task: ProveTask | WarmTask): Promise<ProverOutcome> {
  const engine = started()
  if (task.kind === 'warm') return engine.warm()
  let last = ''
  return engine.prove(task, ({ percent, ...progress }) => {
    const whole = { ...progress, percent: Math.floor(percent) }
    const now = JSON.stringify(whole)
    if (now === last) return
    last = now
    scope.postMessage({ kind: 'progress', progress: whole })
  })
}
