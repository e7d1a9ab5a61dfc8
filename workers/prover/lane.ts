/**
 * The client's side of a prover worker (ZK-5): one worker with one queue.
 *
 * One request at a time, cancelled by ending the worker, which is started again for the next one
 * and shut down when idle. A worker that says nothing is ended too: a node waits for each verdict
 * before it executes a block, and must not wait for ever.
 */

import { err } from '../../src/core/base/result.ts'
import type { ProveOptions } from '../../src/ports/prover.ts'
import type { OpenChannel, ProverChannel, ProverOutcome, ProverTask } from './protocol.ts'

/**
 * Local limits: a READY of each of 64 candidates and some; memory is given back after a pause,
 * which is longer than two epochs, so that a validator's next proof finds the circuit loaded.
 */
const queueLengthMax = 128
const idleMsDefault = 75_000

/**
 * A worker that has said nothing about its task for this long does not run: its script never came,
 * or it hangs. Proving reports every percent, and its longest silent step takes seconds on a phone.
 */
const silentMsDefault = 60_000

export interface LaneLimits {
  readonly idleMs?: number | undefined
  readonly silentMs?: number | undefined
}

interface Job {
  readonly task: ProverTask
  readonly options: ProveOptions
  readonly settle: (outcome: ProverOutcome) => void
}

export class ProverLane {
  readonly #open: OpenChannel
  readonly #idleMs: number
  readonly #silentMs: number
  readonly #queue: Job[] = []
  #channel: ProverChannel | undefined
  #running: Job | undefined
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
      const job: Job = { task, options, settle }
      signal?.addEventListener('abort', onAbort)
      this.#queue.push(job)
      this.#next()
    })
  }

  close(): void {
    this.#isClosed = true
    for (const job of this.#queue.splice(0)) job.settle(err({ code: 'CANCELLED' }))
    const running = this.#running
    this.#running = undefined
    clearTimeout(this.#silentTimer)
    this.#dropChannel()
    running?.settle(err({ code: 'CANCELLED' }))
  }

  #next(): void {
    if (this.#running !== undefined) return
    const job = this.#queue.shift()
    if (job === undefined) {
      this.#idleTimer ??= setTimeout(() => this.#dropChannel(), this.#idleMs)
      return
    }
    this.#running = job
    clearTimeout(this.#idleTimer)
    this.#idleTimer = undefined
    void this.#start(job)
  }

  async #start(job: Job): Promise<void> {
    if (this.#channel === undefined) {
      const opened = await this.#open()
      if (!opened.ok) {
        this.#finish(job, opened)
        return
      }
      // Cancelled while the worker was starting.
      if (this.#running !== job) {
        opened.value.terminate()
        return
      }
      this.#adopt(opened.value)
    }
    this.#channel?.post({ kind: 'task', task: job.task })
    this.#expectWord(job)
  }

  #expectWord(job: Job): void {
    clearTimeout(this.#silentTimer)
    this.#silentTimer = setTimeout(() => {
      if (this.#running !== job) return
      this.#dropChannel()
      const reason = `the worker was silent for ${String(this.#silentMs)} ms`
      this.#finish(job, err({ code: 'PROVER_CRASHED', reason }))
    }, this.#silentMs)
  }

  #adopt(channel: ProverChannel): void {
    this.#channel = channel
    channel.listen(
      (reply) => {
        const job = this.#running
        if (this.#channel !== channel || job === undefined) return
        if (reply.kind === 'outcome') {
          this.#finish(job, reply.outcome)
          return
        }
        this.#expectWord(job)
        job.options.onProgress?.(reply.progress)
      },
      (reason) => {
        if (this.#channel !== channel) return
        this.#dropChannel()
        const job = this.#running
        if (job !== undefined) this.#finish(job, err({ code: 'PROVER_CRASHED', reason }))
      },
    )
  }

  #finish(job: Job, outcome: ProverOutcome): void {
    if (this.#running !== job) return
    this.#running = undefined
    clearTimeout(this.#silentTimer)
    job.settle(outcome)
    this.#next()
  }

  #cancel(job: Job): void {
    const index = this.#queue.indexOf(job)
    if (index >= 0) {
      this.#queue.splice(index, 1)
      job.settle(err({ code: 'CANCELLED' }))
    } else if (this.#running === job) {
      // The proof is one long computation: ending the worker is the only way to stop it.
      this.#dropChannel()
      this.#finish(job, err({ code: 'CANCELLED' }))
    }
  }

  #dropChannel(): void {
    clearTimeout(this.#idleTimer)
    this.#idleTimer = undefined
    this.#channel?.terminate()
    this.#channel = undefined
  }
}
