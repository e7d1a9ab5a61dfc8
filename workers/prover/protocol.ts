/**
 * The conversation with a prover worker: its messages, and the client's side of it (ZK-5).
 *
 * A lane is one worker with one queue: one request at a time, cancelled by ending the worker, which
 * is started again for the next one and shut down when idle. The same for a dedicated worker of a
 * page and for a thread of Node: both come as a `ProverChannel`.
 */

import { err, ok, type Result } from '../../src/core/base/result.ts'
import type { EmotionalPublicInputs } from '../../src/core/emotion/publicSignals.ts'
import type { CircuitInput } from '../../src/core/emotion/statement.ts'
import type {
  ProofFault,
  ProveOptions,
  ProverError,
  ProverProgress,
} from '../../src/ports/prover.ts'

/** Where the worker finds the circuit's files: fetched below a URL, or handed over. */
export type ArtifactSource =
  | { readonly kind: 'url'; readonly base: string }
  | { readonly kind: 'bytes'; readonly files: Readonly<Record<string, Uint8Array>> }

/** First message of a conversation. */
export interface StartRequest {
  readonly kind: 'start'
  readonly source: ArtifactSource
  /** Only a devnet accepts keys of a published seed (ZK-2). */
  readonly allowsDevelopmentKeys: boolean
}

export interface ProveTask {
  readonly kind: 'prove'
  readonly circuitInput: CircuitInput
  readonly publicInputs: EmotionalPublicInputs
}

export interface VerifyTask {
  readonly kind: 'verify'
  readonly proof: Uint8Array
  readonly publicInputs: EmotionalPublicInputs
}

export type ProverTask = ProveTask | VerifyTask

export type ProverMessage = StartRequest | { readonly kind: 'task'; readonly task: ProverTask }

/** The proof for a prove task, nothing for a verify task. */
export type ProverOutcome = Result<Uint8Array | undefined, ProofFault | ProverError>

export type ProverReply =
  | { readonly kind: 'progress'; readonly progress: ProverProgress }
  | { readonly kind: 'outcome'; readonly outcome: ProverOutcome }

export interface ProverChannel {
  post(message: ProverMessage): void
  /** Set once, before the first post. */
  listen(onReply: (reply: ProverReply) => void, onCrash: (reason: string) => void): void
  terminate(): void
}

/** Opens a channel and sends its start request. */
export type OpenChannel = () => Promise<Result<ProverChannel, ProverError>>

/**
 * Local limits: a READY of each of 64 candidates and some; memory is given back after a pause,
 * which is longer than two epochs, so that a validator's next proof finds the circuit loaded.
 */
const queueLengthMax = 128
const idleMsDefault = 75_000

interface Job {
  readonly task: ProverTask
  readonly options: ProveOptions
  readonly settle: (outcome: ProverOutcome) => void
}

export class ProverLane {
  readonly #open: OpenChannel
  readonly #idleMs: number
  readonly #queue: Job[] = []
  #channel: ProverChannel | undefined
  #running: Job | undefined
  #idleTimer: ReturnType<typeof setTimeout> | undefined
  #isClosed = false

  constructor(open: OpenChannel, idleMs = idleMsDefault) {
    this.#open = open
    this.#idleMs = idleMs
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
  }

  #adopt(channel: ProverChannel): void {
    this.#channel = channel
    channel.listen(
      (reply) => {
        const job = this.#running
        if (this.#channel !== channel || job === undefined) return
        if (reply.kind === 'progress') job.options.onProgress?.(reply.progress)
        else this.#finish(job, reply.outcome)
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

/** The proof of a finished prove task. */
export function proofOf(outcome: ProverOutcome): Result<Uint8Array, ProverError> {
  if (!outcome.ok) return isProofFault(outcome.error) ? crashed() : err(outcome.error)
  return outcome.value === undefined ? crashed() : ok(outcome.value)
}

/** The verdict of a finished verify task. */
export function verdictOf(outcome: ProverOutcome): Result<void, ProofFault | ProverError> {
  return outcome.ok ? ok(undefined) : outcome
}

function crashed(): Result<never, ProverError> {
  return err({ code: 'PROVER_CRASHED', reason: 'the worker gave a proof that does not hold' })
}

function isProofFault(error: ProofFault | ProverError): error is ProofFault {
  return error.code.startsWith('PROOF_')
}
