/**
 * The client's side of a prover worker (ZK-5): one worker with one queue.
 *
 * One request at a time, but proofs that wait to be checked go together (ZK-7). Cancelled by ending
 * the worker, which is started again for the next one and shut down when idle. A worker that says
 * nothing is ended too: a node waits for each verdict before it executes a block, and must not wait
 * for ever.
 */

import { err } from '../../src/core/base/result.ts'
import type { ProveOptions } from '../../src/ports/prover.ts'
import type {
  OpenChannel,
  ProverChannel,
  ProverOutcome,
  ProverTask,
  VerifyTask,
} from './protocol.ts'

/**
 * Local limits: a READY of each of 64 candidates and some; memory is given back after a pause,
 * which is longer than two epochs, so that a validator's next proof finds the circuit loaded.
 */
const queueLengthMax = 128
const idleMsDefault = 75_000

/** Proofs checked at once: the READYs of one epoch, some 50 ms of work when all are good. */
const batchLengthMax = 64

/**
 * A worker that has said nothing about its task for this long does not run: its script never came,
 * or it hangs. Proving reports every percent, and its longest silent step takes seconds on a phone.
 */
const silentMsDefault = 60_000

export interface LaneLimits {
  readonly idleMs?: number | undefined
  readonly silentMs?: number | undefined
}

interface Job<Task extends ProverTask = ProverTask> {
  readonly task: Task
  readonly options: ProveOptions
  readonly settle: (outcome: ProverOutcome) => void
  /** To be checked with no other proof. */
  readonly isAlone: boolean
}

type OtherJob = Job<Exclude<ProverTask, VerifyTask>>

/** What the worker is busy with: proofs to check, or one task of another kind. */
type Run =
  | { readonly kind: 'verify'; readonly jobs: readonly Job<VerifyTask>[] }
  | { readonly kind: 'task'; readonly job: OtherJob }

export class ProverLane {
  readonly #open: OpenChannel
  readonly #idleMs: number
  readonly #silentMs: number
  readonly #queue: Job[] = []
  #channel: ProverChannel | undefined
  #running: Run | undefined
  #idleTimer: ReturnType<typeof setTimeout> | undefined
  #silentTimer: ReturnType<typeof setTimeout> | undefined
  #isClosed = false

  constructor(open: OpenChannel, { idleMs, silentMs }: LaneLimits = {}) {
    this.#open = open
    this.#idleMs = idleMs ?? idleMsDefault
    this.#silentMs = silentMs ?? silentMsDefault
  }

  run(task: ProverTask, options: ProveOptions = {}): Promise<ProverOutcome> {
    const { signal } = options
    if (this.#isClosed || signal?.aborted === true) {
      return Promise.resolve(err({ code: 'CANCELLED' }))
    }
    if (this.#queue.length >= queueLengthMax) return Promise.resolve(err({ code: 'PROVER_BUSY' }))
    return new Promise((resolve) => {
      const onAbort = (): void => this.#cancel(job)
      const settle = (outcome: ProverOutcome): void => {
        signal?.removeEventListener('abort', onAbort)
        resolve(outcome)
      }
      const job: Job = { task, options, settle, isAlone: false }
      signal?.addEventListener('abort', onAbort)
      this.#queue.push(job)
      // At the end of this turn: what is asked for in one turn is checked together.
      queueMicrotask(() => this.#next())
    })
  }

  close(): void {
    this.#isClosed = true
    for (const job of this.#queue.splice(0)) job.settle(err({ code: 'CANCELLED' }))
    const running = this.#running
    this.#running = undefined
    clearTimeout(this.#silentTimer)
    this.#dropChannel()
    for (const job of running === undefined ? [] : jobsOf(running)) {
      job.settle(err({ code: 'CANCELLED' }))
    }
  }

  #next(): void {
    if (this.#running !== undefined || this.#isClosed) return
    const run = this.#take()
    if (run === undefined) {
      this.#idleTimer ??= setTimeout(() => this.#dropChannel(), this.#idleMs)
      return
    }
    this.#running = run
    clearTimeout(this.#idleTimer)
    this.#idleTimer = undefined
    void this.#start(run)
  }

  /** The job that waits longest; with a proof to check come those behind it, up to another task. */
  #take(): Run | undefined {
    const jobs: Job<VerifyTask>[] = []
    for (const job of this.#queue) {
      if (!isCheck(job) || jobs.length === batchLengthMax) break
      if (job.isAlone && jobs.length > 0) break
      jobs.push(job)
      if (job.isAlone) break
    }
    this.#queue.splice(0, jobs.length)
    if (jobs.length > 0) return { kind: 'verify', jobs }
    const job = this.#queue.shift()
    return job === undefined || isCheck(job) ? undefined : { kind: 'task', job: job as OtherJob }
  }

  async #start(run: Run): Promise<void> {
    if (this.#channel === undefined) {
      const opened = await this.#open()
      if (!opened.ok) {
        this.#finish(run, () => opened)
        return
      }
      // Cancelled while the worker was starting.
      if (this.#running !== run) {
        opened.value.terminate()
        return
      }
      this.#adopt(opened.value)
    }
    this.#channel?.post(
      run.kind === 'task'
        ? { kind: 'task', task: run.job.task }
        : { kind: 'verify', tasks: run.jobs.map(({ task }) => task) },
    )
    this.#expectWord(run)
  }

  #expectWord(run: Run): void {
    clearTimeout(this.#silentTimer)
    this.#silentTimer = setTimeout(() => {
      if (this.#running !== run) return
      this.#dropChannel()
      this.#fail(run, `the worker was silent for ${String(this.#silentMs)} ms`)
    }, this.#silentMs)
  }

  #adopt(channel: ProverChannel): void {
    this.#channel = channel
    channel.listen(
      (reply) => {
        const run = this.#running
        if (this.#channel !== channel || run === undefined) return
        if (reply.kind === 'progress') {
          this.#expectWord(run)
          if (run.kind === 'task') run.job.options.onProgress?.(reply.progress)
        } else if (reply.kind === 'outcome') {
          this.#finish(run, () => reply.outcome)
        } else {
          this.#finish(run, (index) => reply.outcomes[index] ?? crashed('a verdict is missing'))
        }
      },
      (reason) => {
        if (this.#channel !== channel) return
        this.#dropChannel()
        if (this.#running !== undefined) this.#fail(this.#running, reason)
      },
    )
  }

  /** Of proofs that were checked together each is tried again alone: one may have done it. */
  #fail(run: Run, reason: string): void {
    if (run.kind === 'task' || run.jobs.length === 1) {
      this.#finish(run, () => crashed(reason))
      return
    }
    this.#queue.unshift(...run.jobs.map((job) => ({ ...job, isAlone: true })))
    this.#endRun()
  }

  #finish(run: Run, outcomeOf: (index: number) => ProverOutcome): void {
    if (this.#running !== run) return
    jobsOf(run).forEach((job, index) => job.settle(outcomeOf(index)))
    this.#endRun()
  }

  #endRun(): void {
    this.#running = undefined
    clearTimeout(this.#silentTimer)
    this.#next()
  }

  #cancel(job: Job): void {
    const running = this.#running
    const index = this.#queue.indexOf(job)
    if (index >= 0) this.#queue.splice(index, 1)
    job.settle(err({ code: 'CANCELLED' }))
    if (running?.kind !== 'task' || running.job !== job) return
    // The proof is one long computation: ending the worker is the only way to stop it.
    this.#dropChannel()
    this.#endRun()
  }

  #dropChannel(): void {
    clearTimeout(this.#idleTimer)
    this.#idleTimer = undefined
    this.#channel?.terminate()
    this.#channel = undefined
  }
}

function isCheck(job: Job): job is Job<VerifyTask> {
  return job.task.kind === 'verify'
}

function jobsOf(run: Run): readonly Job[] {
  return run.kind === 'task' ? [run.job] : run.jobs
}

function crashed(reason: string): ProverOutcome {
  return err({ code: 'PROVER_CRASHED', reason })
}
