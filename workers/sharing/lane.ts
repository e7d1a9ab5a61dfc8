/**
 * The client's side of a sharing worker (BEACON-2): one worker with one bounded queue.
 *
 * One task at a time, in the order they came. A worker that says nothing is ended, and started
 * again when it is needed; one that is idle gives its memory back.
 */
import { err } from '../../src/core/base/result.ts'
import type { SharingWorkError, SharingWork, Worked } from '../../src/ports/sharingWork.ts'
import type { OpenChannel, SharingChannel, SharingOutcome, SharingTask } from './protocol.ts'

/** Local limit (NET-6): the shares of 21 seats for 21 deals and as much again; about 5 MB. */
const waitingMax = 1024

/** A deal of 63 shares takes a tenth of a second on a slow phone, and loading the script some. */
const silentMsDefault = 30_000
/** Longer than two epochs, so that a seat's next deal finds the worker there. */
const idleMsDefault = 75_000

export interface LaneLimits {
  readonly idleMs?: number | undefined
  readonly silentMs?: number | undefined
}

interface Job {
  readonly task: SharingTask
  readonly settle: (outcome: SharingOutcome) => void
}

export class SharingLane {
  readonly #open: OpenChannel
  readonly #idleMs: number
  readonly #silentMs: number
  readonly #queue: Job[] = []
  #channel: SharingChannel | undefined
  #running: Job | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #isClosed = false

  constructor(open: OpenChannel, { idleMs, silentMs }: LaneLimits = {}) {
    this.#open = open
    this.#idleMs = idleMs ?? idleMsDefault
    this.#silentMs = silentMs ?? silentMsDefault
  }

  run(task: SharingTask): Promise<SharingOutcome> {
    if (this.#isClosed) return Promise.resolve(err(closed))
    if (this.#queue.length >= waitingMax) return Promise.resolve(err({ code: 'WORK_BUSY' }))
    return new Promise((resolve) => {
      this.#queue.push({ task, settle: resolve })
      this.#next()
    })
  }

  close(): void {
    this.#isClosed = true
    for (const { settle } of this.#queue.splice(0)) settle(err(closed))
    this.#end(closed)
  }

  #next(): void {
    if (this.#running !== undefined) return
    const job = this.#queue.shift()
    clearTimeout(this.#timer)
    if (job === undefined) {
      this.#timer = setTimeout(() => {
        this.#end(closed)
      }, this.#idleMs)
      unref(this.#timer)
      return
    }
    this.#running = job
    this.#channel ??= this.#opened()
    this.#channel.post(job.task)
    this.#timer = setTimeout(() => {
      this.#fail(`the worker was silent for ${String(this.#silentMs)} ms`)
    }, this.#silentMs)
  }

  #opened(): SharingChannel {
    const channel = this.#open()
    channel.listen(
      (outcome) => {
        if (this.#channel === channel) this.#finish(outcome)
      },
      (reason) => {
        if (this.#channel === channel) this.#fail(reason)
      },
    )
    return channel
  }

  #finish(outcome: SharingOutcome): void {
    const job = this.#running
    this.#running = undefined
    job?.settle(outcome)
    this.#next()
  }

  #fail(reason: string): void {
    this.#end({ code: 'WORK_CRASHED', reason })
    if (this.#queue.length > 0) this.#next()
  }

  #end(error: SharingWorkError): void {
    clearTimeout(this.#timer)
    this.#channel?.terminate()
    this.#channel = undefined
    const job = this.#running
    this.#running = undefined
    job?.settle(err(error))
  }
}

/** The port on a lane. The worker's answer to a task has the type that the port promises. */
export function sharingWorkOf(lane: SharingLane): SharingWork {
  const run = <T>(task: SharingTask): Worked<T> => lane.run(task) as Worked<T>
  return {
    makeDeal: (sharing, dealer, seed) => run({ kind: 'makeDeal', sharing, dealer, seed }),
    openDeal: (sharing, dealer, seed) => run({ kind: 'openDeal', sharing, dealer, seed }),
    verifyDeal: (sharing, deal) => run({ kind: 'verifyDeal', sharing, deal }),
    verifyOpening: (sharing, deal, opening) =>
      run({ kind: 'verifyOpening', sharing, deal, opening }),
    decryptShares: (sharing, deal, key) => run({ kind: 'decryptShares', sharing, deal, key }),
    verifyShares: (sharing, deal, shares) => run({ kind: 'verifyShares', sharing, deal, shares }),
    reconstruct: (sharing, list) => run({ kind: 'reconstruct', sharing, list }),
    close() {
      lane.close()
      return Promise.resolve()
    },
  }
}

const closed: SharingWorkError = { code: 'WORK_CLOSED' }

/** In Node an idle worker must not keep the program. */
function unref(timer: unknown): void {
  if (typeof timer === 'object') (timer as { unref?: () => void } | null)?.unref?.()
}
