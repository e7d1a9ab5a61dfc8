/**
 * The client's side of the signature workers (SIG-1): one bounded queue, and a few workers that
 * take from it.
 *
 * A request is cut into parts for all workers, and a free worker takes as many waiting parts as fit
 * into one batch: single signatures that arrive while the workers are busy become a batch by
 * themselves. A worker that says nothing is ended, and started again when it is needed.
 */

import { err, ok, type Result } from '../../src/core/base/result.ts'
import type { SignatureItem, SignatureVerifierError } from '../../src/ports/signatureVerifier.ts'
import { hasRightLengths, packTask, type OpenChannel, type SignatureChannel } from './protocol.ts'

/** Local limits (NET-6): a few full blocks and a full mempool. */
const waitingItemsMax = 16_384
const waitingBytesMax = 32 * 1024 * 1024

/** A worker's share; smaller ones are not worth a message of their own. */
const batchItemsMax = 1024
const partItemsMin = 64

/** 1024 bad signatures take a second on a slow phone, and loading the script some more. */
const silentMsDefault = 30_000
const idleMsDefault = 75_000

export const workersMax = 4

/** How many workers for so many cores. */
export function workerCountFor(coreCount: number): number {
  return Math.max(1, Math.min(workersMax, Math.floor(coreCount)))
}

export interface PoolOptions {
  readonly workerCount: number
  readonly silentMs?: number | undefined
  readonly idleMs?: number | undefined
}

type Outcome = Result<readonly boolean[], SignatureVerifierError>

/** Some items of one request, judged together. */
interface Part {
  readonly items: readonly SignatureItem[]
  readonly settle: (outcome: Outcome) => void
}

interface Lane {
  channel: SignatureChannel | undefined
  running: readonly Part[] | undefined
  timer: ReturnType<typeof setTimeout> | undefined
}

export class SignaturePool {
  readonly #open: OpenChannel
  readonly #silentMs: number
  readonly #idleMs: number
  readonly #lanes: readonly Lane[]
  readonly #queue: Part[] = []
  #waitingItems = 0
  #waitingBytes = 0
  #isClosed = false

  constructor(open: OpenChannel, { workerCount, silentMs, idleMs }: PoolOptions) {
    this.#open = open
    this.#silentMs = silentMs ?? silentMsDefault
    this.#idleMs = idleMs ?? idleMsDefault
    const none = { channel: undefined, running: undefined, timer: undefined }
    this.#lanes = Array.from({ length: workerCount }, () => ({ ...none }))
  }

  async verifyBatch(items: readonly SignatureItem[]): Promise<Outcome> {
    if (this.#isClosed) return err({ code: 'VERIFIER_CLOSED' })
    const sent = items.filter(hasRightLengths)
    if (sent.length === 0) return ok(items.map(() => false))
    const bytes = sizeOf(sent)
    if (
      this.#waitingItems + sent.length > waitingItemsMax ||
      this.#waitingBytes + bytes > waitingBytesMax
    ) {
      return err({ code: 'VERIFIER_BUSY' })
    }
    const share = Math.ceil(sent.length / this.#lanes.length)
    const size = Math.min(batchItemsMax, Math.max(partItemsMin, share))
    const outcomes: Promise<Outcome>[] = []
    for (let first = 0; first < sent.length; first += size) {
      outcomes.push(this.#enqueue(sent.slice(first, first + size)))
    }
    this.#work()
    return joined(items, await Promise.all(outcomes))
  }

  close(): void {
    this.#isClosed = true
    for (const part of this.#queue.splice(0)) this.#settle(part, closed)
    for (const lane of this.#lanes) this.#end(lane, closed)
  }

  #enqueue(items: readonly SignatureItem[]): Promise<Outcome> {
    this.#waitingItems += items.length
    this.#waitingBytes += sizeOf(items)
    return new Promise((resolve) => {
      this.#queue.push({ items, settle: resolve })
    })
  }

  #settle({ items, settle }: Part, outcome: Outcome): void {
    this.#waitingItems -= items.length
    this.#waitingBytes -= sizeOf(items)
    settle(outcome)
  }

  #work(): void {
    const free = this.#lanes.filter(({ running }) => running === undefined)
    free.forEach((lane, index) => {
      const parts = this.#takeBatch(free.length - index)
      if (parts.length === 0) return
      lane.running = parts
      this.#expectWord(lane)
      lane.channel ??= this.#openFor(lane)
      lane.channel.post(packTask(parts.flatMap(({ items }) => items)))
    })
  }

  /** The share of one of `laneCount` free workers: at least one part, if any waits. */
  #takeBatch(laneCount: number): readonly Part[] {
    const waiting = this.#queue.reduce((sum, { items }) => sum + items.length, 0)
    const share = Math.max(partItemsMin, Math.ceil(waiting / laneCount))
    const countMax = Math.min(batchItemsMax, share)
    let [count, end] = [0, 0]
    for (const { items } of this.#queue) {
      count += items.length
      if (end > 0 && count > countMax) break
      end += 1
    }
    return this.#queue.splice(0, end)
  }

  #openFor(lane: Lane): SignatureChannel {
    const channel = this.#open()
    channel.listen(
      (reply) => {
        if (lane.channel !== channel) return
        if (reply.kind === 'verdicts') this.#deliver(lane, reply.verdicts)
        else this.#end(lane, crashed(reply.reason))
        this.#work()
      },
      (reason) => {
        if (lane.channel !== channel) return
        this.#end(lane, crashed(reason))
        this.#work()
      },
    )
    return channel
  }

  #deliver(lane: Lane, verdicts: Uint8Array): void {
    const parts = lane.running ?? []
    const count = parts.reduce((sum, { items }) => sum + items.length, 0)
    if (verdicts.length !== count) {
      this.#end(lane, crashed('the worker gave other verdicts than it was asked for'))
      return
    }
    lane.running = undefined
    this.#expectNothing(lane)
    let first = 0
    for (const part of parts) {
      const own = verdicts.subarray(first, first + part.items.length)
      first += part.items.length
      this.#settle(part, ok(Array.from(own, (verdict) => verdict === 1)))
    }
  }

  #expectWord(lane: Lane): void {
    clearTimeout(lane.timer)
    lane.timer = setTimeout(() => {
      this.#end(lane, crashed(`the worker was silent for ${String(this.#silentMs)} ms`))
      this.#work()
    }, this.#silentMs)
  }

  /** An idle worker gives its memory back. */
  #expectNothing(lane: Lane): void {
    clearTimeout(lane.timer)
    lane.timer = setTimeout(() => {
      this.#end(lane, closed)
    }, this.#idleMs)
    unref(lane.timer)
  }

  #end(lane: Lane, outcome: Outcome): void {
    clearTimeout(lane.timer)
    lane.channel?.terminate()
    lane.channel = undefined
    const parts = lane.running ?? []
    lane.running = undefined
    for (const part of parts) this.#settle(part, outcome)
  }
}

const closed: Outcome = err({ code: 'VERIFIER_CLOSED' })

function crashed(reason: string): Outcome {
  return err({ code: 'VERIFIER_CRASHED', reason })
}

/** Verdicts of those that were sent, between those that have the wrong length. */
function joined(items: readonly SignatureItem[], outcomes: readonly Outcome[]): Outcome {
  const verdicts: boolean[] = []
  for (const outcome of outcomes) {
    if (!outcome.ok) return outcome
    verdicts.push(...outcome.value)
  }
  let next = 0
  return ok(
    items.map((item) => {
      if (!hasRightLengths(item)) return false
      next += 1
      return verdicts[next - 1] === true
    }),
  )
}

function sizeOf(items: readonly SignatureItem[]): number {
  return items.reduce((sum, { message }) => sum + message.length, 0)
}

/** In Node an idle worker must not keep the program. */
function unref(timer: unknown): void {
  if (typeof timer === 'object') (timer as { unref?: () => void } | null)?.unref?.()
}
