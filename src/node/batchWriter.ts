/**
 * The payments that this node answers for, until they are final: into its own batches while it has
 * a seat, handed to two seats otherwise, and shown to everybody when that has not helped (BATCH-4).
 */
import { mapKey } from '../core/base/bytes.ts'
import { batchLimits } from '../core/batch/limits.ts'
import type { BatchPool } from '../core/batch/batchPool.ts'
import type { DecodedTransaction } from '../core/ledger/transactionBytes.ts'
import type { Clock } from '../ports/clock.ts'
import type { Transport } from '../ports/transport.ts'
import type { PeerSeats } from './peerSeats.ts'
import { encodeMessage, type Message } from './wire.ts'

export interface BatchWriterOptions {
  readonly transport: Transport
  readonly clock: Clock
  readonly peers: PeerSeats
  readonly isWaiting: (transaction: DecodedTransaction) => boolean
  readonly pool: () => BatchPool | undefined
  /** To every other seat. */
  readonly send: (message: Message) => void
}

/** BATCH-4: so long one waits for a seat that was asked, before everybody is. */
const gossipAfterMs = 6000

/** Seats that a payment is handed to. */
const handsMax = 2

export class BatchWriter {
  readonly #options: BatchWriterOptions
  /** By id. */
  readonly #answersFor = new Map<string, DecodedTransaction>()
  #next: DecodedTransaction[] = []
  #lastMs = 0
  #cancel: (() => void) | undefined
  #stopped = false

  constructor(options: BatchWriterOptions) {
    this.#options = options
  }

  /** With another committee everything that still waits is said again. */
  begin(): void {
    this.#next = []
    for (const [key, transaction] of this.#answersFor) {
      if (this.#options.isWaiting(transaction)) this.#pass(transaction)
      else this.#answersFor.delete(key)
    }
  }

  stop(): void {
    this.#stopped = true
    this.#cancel?.()
  }

  offer(transaction: DecodedTransaction): void {
    const key = mapKey(transaction.id)
    if (this.#answersFor.has(key)) return
    this.#answersFor.set(key, transaction)
    this.#pass(transaction)
    this.#options.clock.after(gossipAfterMs, () => {
      this.#answersFor.delete(key)
      if (this.#stopped || !this.#options.isWaiting(transaction)) return
      this.#options.transport.publish('tx', transaction.bytes)
    })
  }

  /** There is something to send: at once after a pause, else when the interval is over. */
  say(): void {
    if (this.#cancel !== undefined || this.#stopped) return
    const { clock } = this.#options
    const dueMs = this.#lastMs + batchLimits.intervalMs - clock.nowMs()
    // A clock that was set back makes nobody wait longer.
    const waitMs = Math.max(0, Math.min(dueMs, batchLimits.intervalMs))
    this.#cancel = clock.after(waitMs, () => {
      this.#cancel = undefined
      this.#flush()
    })
  }

  #pass(transaction: DecodedTransaction): void {
    if (this.#options.pool() === undefined) {
      this.#handIn(transaction)
      return
    }
    this.#next.push(transaction)
    this.say()
  }

  /** By the payment's id, so that many payments spread over the seats. */
  #handIn({ id, bytes }: DecodedTransaction): void {
    const { transport, peers } = this.#options
    const seats = peers.seatPeers()
    const [start = 0] = id
    const order = seats.map((_seat, index) => seats[(start + index) % seats.length])
    const message = encodeMessage({ type: 'handIn', handIn: { transactions: [bytes] } })
    let hands = 0
    for (const peer of order) {
      if (hands === handsMax) return
      if (peer !== undefined && transport.send(peer, message)) hands += 1
    }
    if (hands === 0) transport.publish('tx', bytes)
  }

  #flush(): void {
    const pool = this.#options.pool()
    if (pool === undefined || this.#stopped) return
    this.#lastMs = this.#options.clock.nowMs()
    const transactions = this.#takeBatch()
    if (transactions.length > 0) {
      const { epoch, attempt, own: seat } = pool
      const batch = { epoch, attempt, seat, transactions }
      if (pool.add(batch).type === 'added') this.#options.send({ type: 'batch', batch })
    }
    const digests = [...pool.takeUnsaid()]
    if (digests.length > 0) {
      this.#options.send({ type: 'held', held: { epoch: pool.epoch, digests } })
    }
    if (this.#next.length > 0 || pool.hasUnsaid) this.say()
  }

  /** As much as one batch holds of what still waits. */
  #takeBatch(): Uint8Array[] {
    const { transactionsMax, bytesMax } = batchLimits
    const taken: Uint8Array[] = []
    let sizeBytes = 0
    let count = 0
    for (const transaction of this.#next) {
      const { length } = transaction.bytes
      const isFull = taken.length === transactionsMax || sizeBytes + length > bytesMax
      if (isFull && taken.length > 0) break
      count += 1
      if (isFull || !this.#options.isWaiting(transaction)) continue
      taken.push(transaction.bytes)
      sizeBytes += length
    }
    this.#next = this.#next.slice(count)
    return taken
  }
}
