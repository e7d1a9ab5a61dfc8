/**
 * The batches that a seat holds in an epoch, and which other seats said that they hold them
 * (BATCH-1, BATCH-2).
 *
 * A batch is ready when seats with a quorum of the power hold it: a proposal that names it then
 * waits for nobody, unless seats lie, and those are too few to stop a quorum.
 */
import { hex, mapKey } from '../base/bytes.ts'
import type { Batch } from '../codec/chain.ts'
import { batchDigest } from './batchDigest.ts'
import { batchLimits } from './limits.ts'

/** Where a transaction stands: in which batch, at which place. */
export interface BatchPlace {
  readonly batch: HeldBatch
  readonly index: number
}

export interface HeldBatch {
  readonly digest: Uint8Array
  /** Hex of the digest. */
  readonly key: string
  readonly seat: number
  readonly transactions: readonly Uint8Array[]
  readonly sizeBytes: number
}

export interface BatchPoolOptions {
  readonly epoch: number
  /** Of the committee of that epoch (RECOVER-1). */
  readonly attempt: number
  /** Power of each seat. */
  readonly powers: readonly number[]
  readonly quorumPower: number
  /** The own seat. */
  readonly own: number
}

export type BatchRefusal =
  /** Of another committee, or of a seat that this one does not have. */
  | { readonly code: 'BATCH_EPOCH' }
  | { readonly code: 'BATCH_SEAT' }
  /** Nothing in it, or more than a batch may hold. */
  | { readonly code: 'BATCH_SIZE' }

export type Added =
  | { readonly type: 'added'; readonly batch: HeldBatch }
  | { readonly type: 'known' }
  | { readonly type: 'refused'; readonly refusal: BatchRefusal }

/** Where batches are counted that others than their authors brought. */
const fetchedFrom = -1

export class BatchPool {
  readonly epoch: number
  readonly attempt: number
  readonly #options: BatchPoolOptions
  readonly #held = new Map<string, HeldBatch>()
  /** Held batches of each author, oldest first. */
  readonly #authors = new Map<number, HeldBatch[]>()
  /** Seats that hold a batch, by its key; also of batches that are still under way here. */
  readonly #holders = new Map<string, Set<number>>()
  /** Where a transaction was seen first, by its bytes. */
  readonly #places = new Map<string, BatchPlace>()
  #unsaid: Uint8Array[] = []

  constructor(options: BatchPoolOptions) {
    this.#options = options
    this.epoch = options.epoch
    this.attempt = options.attempt
  }

  /** The own seat. */
  get own(): number {
    return this.#options.own
  }

  get count(): number {
    return this.#held.size
  }

  get hasUnsaid(): boolean {
    return this.#unsaid.length > 0
  }

  /**
   * `fetched`: it did not come from its author, whose name anybody could have written: it takes no
   * room of the author's, and says nothing about who holds it.
   */
  add(batch: Batch, how: 'authored' | 'fetched' = 'authored'): Added {
    const { own, powers } = this.#options
    if (!this.isOfCommittee(batch)) return refused({ code: 'BATCH_EPOCH' })
    if (batch.seat >= powers.length) return refused({ code: 'BATCH_SEAT' })
    const { transactions } = batch
    const sizeBytes = transactions.reduce((sum, { length }) => sum + length, 0)
    const { transactionsMax, bytesMax } = batchLimits
    const isTooMuch = transactions.length > transactionsMax || sizeBytes > bytesMax
    if (transactions.length === 0 || isTooMuch) return refused({ code: 'BATCH_SIZE' })
    const digest = batchDigest(batch)
    const key = hex(digest)
    if (this.#held.has(key)) return { type: 'known' }
    const held: HeldBatch = { digest, key, seat: batch.seat, transactions, sizeBytes }
    this.#keep(held, how === 'authored' ? batch.seat : fetchedFrom)
    if (how === 'authored') this.#note(key, batch.seat)
    this.#note(key, own)
    if (batch.seat !== own) this.#unsaid.push(digest)
    return { type: 'added', batch: held }
  }

  /** Whose seat a batch names, another committee of the epoch knows otherwise (RECOVER-1). */
  isOfCommittee({ epoch, attempt }: Pick<Batch, 'epoch' | 'attempt'>): boolean {
    return epoch === this.epoch && attempt === this.attempt
  }

  get(digest: Uint8Array): HeldBatch | undefined {
    return this.#held.get(hex(digest))
  }

  /** What another seat says it holds. */
  noteHeld(seat: number, digests: readonly Uint8Array[]): void {
    for (const digest of digests.slice(0, batchLimits.digestsMax)) this.#note(hex(digest), seat)
  }

  /** Digests to tell the others: each once. */
  takeUnsaid(): readonly Uint8Array[] {
    const said = this.#unsaid.slice(0, batchLimits.digestsMax)
    this.#unsaid = this.#unsaid.slice(batchLimits.digestsMax)
    return said
  }

  placeOf(transaction: Uint8Array): BatchPlace | undefined {
    return this.#places.get(mapKey(transaction))
  }

  isReady({ key }: HeldBatch): boolean {
    const { powers, quorumPower } = this.#options
    let power = 0
    for (const seat of this.#holders.get(key) ?? []) power += powers[seat] ?? 0
    return power >= quorumPower
  }

  /** Other seats that said they hold it, in the order in which they said so. */
  holdersOf(digest: Uint8Array): readonly number[] {
    const { own } = this.#options
    return [...(this.#holders.get(hex(digest)) ?? [])].filter((seat) => seat !== own)
  }

  #keep(held: HeldBatch, author: number): void {
    const { authorBatchesMax, authorBytesMax } = batchLimits
    const own = this.#authors.get(author) ?? []
    own.push(held)
    this.#authors.set(author, own)
    this.#held.set(held.key, held)
    for (const [index, transaction] of held.transactions.entries()) {
      const key = mapKey(transaction)
      if (!this.#places.has(key)) this.#places.set(key, { batch: held, index })
    }
    let sizeBytes = own.reduce((sum, one) => sum + one.sizeBytes, 0)
    while (own.length > authorBatchesMax || sizeBytes > authorBytesMax) {
      const oldest = own.shift()
      if (oldest === undefined) return
      sizeBytes -= oldest.sizeBytes
      this.#drop(oldest)
    }
  }

  #drop(held: HeldBatch): void {
    this.#held.delete(held.key)
    this.#holders.delete(held.key)
    for (const transaction of held.transactions) {
      const key = mapKey(transaction)
      if (this.#places.get(key)?.batch === held) this.#places.delete(key)
    }
  }

  /** Only so many keys: each seat can name no more than all seats may have batches. */
  #note(key: string, seat: number): void {
    const { powers } = this.#options
    const known = this.#holders.get(key)
    if (known !== undefined) {
      known.add(seat)
      return
    }
    const keysMax = 2 * powers.length * batchLimits.authorBatchesMax
    if (this.#holders.size >= keysMax) this.#forgetUnheld()
    if (this.#holders.size < keysMax) this.#holders.set(key, new Set([seat]))
  }

  /** What was named and never came, oldest first: half of it, so that this is seldom. */
  #forgetUnheld(): void {
    const unheld = [...this.#holders.keys()].filter((key) => !this.#held.has(key))
    for (const key of unheld.slice(0, Math.ceil(unheld.length / 2))) this.#holders.delete(key)
  }
}

function refused(refusal: BatchRefusal): Added {
  return { type: 'refused', refusal }
}
