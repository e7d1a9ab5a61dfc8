/**
 * Payments on their way into blocks (BATCH-1 … BATCH-4): a seat sends what it collected to the
 * other seats ahead of proposals, says which batches of others it holds, names batches in its
 * proposals, and makes whole bodies of what proposals name. Who has no seat hands payments to two.
 */
import { hex } from '../core/base/bytes.ts'
import { bodyBytesMax } from '../core/bft/body.ts'
import { batchDigest } from '../core/batch/batchDigest.ts'
import { BatchPool } from '../core/batch/batchPool.ts'
import { compactBody } from '../core/batch/compactBody.ts'
import { expandBody } from '../core/batch/expandBody.ts'
import { batchLimits } from '../core/batch/limits.ts'
import { restartOpening } from '../core/chain/restartOpening.ts'
import type { Batch, HandIn, HeldBatches, Proposal } from '../core/codec/chain.ts'
import { decodeBody } from '../core/codec/decodeBody.ts'
import { hash } from '../core/crypto/hash.ts'
import type { DecodedTransaction } from '../core/ledger/transactionBytes.ts'
import type { Clock } from '../ports/clock.ts'
import type { PeerId, Transport, Verdict } from '../ports/transport.ts'
import { BatchWriter } from './batchWriter.ts'
import type { Origin } from './brought.ts'
import { isDuty } from './dutyKinds.ts'
import type { RunningEpoch } from './epochRunner.ts'
import type { Mempool } from './mempool.ts'
import type { PeerSeats } from './peerSeats.ts'
import { fetchBatches } from './fetchBatches.ts'
import { TokenBuckets } from './tokenBuckets.ts'
import { encodeMessage, type BatchMessage, type Compact, type Message } from './wire.ts'

export interface BatchDeskOptions {
  readonly transport: Transport
  readonly clock: Clock
  readonly peers: PeerSeats
  /** Takes payments of somebody else into the mempool; the answers are in their order. */
  readonly keepAll: (list: readonly Uint8Array[]) => ReturnType<Mempool['addAll']>
  /** Whether it still waits for a block. */
  readonly isWaiting: (transaction: DecodedTransaction) => boolean
  /** A proposal that is whole now, with who brought it. */
  readonly onProposal: (proposal: Proposal, origin: Origin) => Verdict
  /** A whole proposal by the hash of its header, from one peer. */
  readonly fetchProposal: (peer: PeerId, hash: Uint8Array) => void
}

interface Waiting {
  readonly compact: Compact
  readonly origin: Origin
}

/** Proposals that wait for batches: those of a few views. */
const waitingMax = 16

/** What one author may send: far above its share of the fullest chain (NET-6). */
const authorBytes = { perSecond: 512 * 1024, burst: 2 * 1024 * 1024 }

const malformed: ReadonlySet<string> = new Set(['TX_MALFORMED', 'TX_KIND', 'TX_SIGNATURE'])

export class BatchDesk {
  readonly #options: BatchDeskOptions
  readonly #writer: BatchWriter
  readonly #buckets: TokenBuckets
  readonly #waiting = new Map<string, Waiting>()
  #pool: BatchPool | undefined

  constructor(options: BatchDeskOptions) {
    this.#options = options
    this.#buckets = new TokenBuckets(options.clock, authorBytes)
    this.#writer = new BatchWriter({
      ...options,
      pool: () => this.#pool,
      send: (message) => {
        const bytes = encodeMessage(message)
        for (const peer of options.peers.seatPeers()) options.transport.send(peer, bytes)
      },
    })
  }

  /** A committee begins: batches of the one before are of no use any more. */
  begin({ seat, engine }: RunningEpoch): void {
    const { epoch, attempt, seats, quorumPower, own } = engine.env
    const powers = seats.map(({ power }) => power)
    const isSeat = seat !== undefined && own !== undefined
    const shape = { epoch, attempt, powers, quorumPower }
    this.#pool = isSeat ? new BatchPool({ ...shape, own: seat }) : undefined
    this.#waiting.clear()
    this.#writer.begin()
  }

  stop(): void {
    this.#writer.stop()
  }

  /** A payment that this node answers for: its owner's, or one that was handed to it. */
  offer(transaction: DecodedTransaction): void {
    this.#writer.offer(transaction)
  }

  /** Of the candidates for a block: duty, what stands in ready batches, and a little else. */
  choose(candidates: readonly DecodedTransaction[]): readonly DecodedTransaction[] {
    let looseBytes = 0
    return candidates.filter((transaction) => {
      if (isDuty(transaction) || this.#readyPlace(transaction.bytes) !== undefined) return true
      looseBytes += transaction.bytes.length
      return looseBytes <= batchLimits.looseBytesMax
    })
  }

  /** A proposal that names batches goes by parts; everything else as it is. */
  outgoing(message: Message): Message {
    if (message.type !== 'proposal') return message
    const { proposal } = message
    const body = decodeBody(proposal.body, bodyBytesMax)
    // Who does not know the committee of a Restart finds it in the body (RECOVER-1).
    if (!body.ok || restartOpening(proposal.body) !== undefined) return message
    const parts = compactBody(body.value.transactions, (bytes) => this.#readyPlace(bytes))
    if (parts.every(({ batch }) => batch.length === 0)) return message
    const empty = { ...proposal, body: new Uint8Array(0) }
    return { type: 'compact', compact: { proposal: empty, parts: [...parts] } }
  }

  receive(from: PeerId, message: BatchMessage): void {
    if (message.type === 'batch') this.#onBatch(from, message.batch)
    else if (message.type === 'held') this.#onHeld(from, message.held)
    else void this.#onHandIn(from, message.handIn)
  }

  /** Without a seat nothing is fetched for it. */
  receiveCompact(origin: Origin, compact: Compact): Verdict {
    const expanded = this.#expand(compact)
    if (expanded.ok) {
      return this.#options.onProposal({ ...compact.proposal, body: expanded.value }, origin)
    }
    const { error } = expanded
    if (error.code !== 'BATCHES_MISSING') {
      if (origin.isDirect) this.#options.transport.penalise(origin.from, error.code)
      return 'reject'
    }
    const key = hex(hash('header', compact.proposal.header))
    if (this.#pool === undefined || this.#waiting.has(key)) return 'ignore'
    if (this.#waiting.size >= waitingMax) return 'ignore'
    this.#waiting.set(key, { compact, origin })
    void this.#fetchMissing(key, origin.from, error.digests)
    return 'accept'
  }

  /** Those of the batches that are held here. */
  answer(digests: readonly Uint8Array[]): readonly Batch[] {
    const pool = this.#pool
    if (pool === undefined) return []
    const { epoch, attempt } = pool
    return digests.slice(0, batchLimits.fetchMax).flatMap((digest) => {
      const held = pool.get(digest)
      if (held === undefined) return []
      const { seat, transactions } = held
      return [{ epoch, attempt, seat, transactions: [...transactions] }]
    })
  }

  #onBatch(from: PeerId, batch: Batch): void {
    const pool = this.#pool
    // Honest seats may be ahead of a restart here, or behind it: nobody is blamed for that.
    if (pool?.isOfCommittee(batch) !== true) return
    const { transport, peers } = this.#options
    if (peers.seatOf(from) !== batch.seat) {
      transport.penalise(from, 'BATCH_SEAT')
      return
    }
    const sizeBytes = batch.transactions.reduce((sum, { length }) => sum + length, 0)
    if (!this.#buckets.take(from, sizeBytes)) return
    this.#add(from, batch, 'authored')
  }

  #add(from: PeerId, batch: Batch, how: 'authored' | 'fetched'): void {
    const added = this.#pool?.add(batch, how)
    if (added?.type === 'refused') this.#options.transport.penalise(from, added.refusal.code)
    if (added?.type !== 'added') return
    this.#writer.say()
    // Signatures are verified long before a proposal names the batch.
    void this.#keepAll(added.batch.transactions)
    this.#retry()
  }

  #onHeld(from: PeerId, held: HeldBatches): void {
    const seat = this.#options.peers.seatOf(from)
    if (seat === undefined || held.epoch !== this.#pool?.epoch) return
    this.#pool.noteHeld(seat, held.digests)
  }

  async #onHandIn(from: PeerId, { transactions }: HandIn): Promise<void> {
    const sizeBytes = transactions.reduce((sum, { length }) => sum + length, 0)
    if (this.#pool === undefined || !this.#buckets.take(from, sizeBytes)) return
    for (const kept of await this.#keepAll(transactions.slice(0, batchLimits.transactionsMax))) {
      if (kept.ok && !isDuty(kept.value)) this.#writer.offer(kept.value)
      if (!kept.ok && malformed.has(kept.error.code)) {
        this.#options.transport.penalise(from, kept.error.code)
      }
    }
  }

  /** A node that fails on payments says nothing about whoever sent them, and goes on. */
  async #keepAll(list: readonly Uint8Array[]): ReturnType<Mempool['addAll']> {
    try {
      return await this.#options.keepAll(list)
    } catch {
      return []
    }
  }

  #readyPlace(bytes: Uint8Array): ReturnType<BatchPool['placeOf']> {
    const place = this.#pool?.placeOf(bytes)
    return place !== undefined && this.#pool?.isReady(place.batch) === true ? place : undefined
  }

  #expand({ parts }: Compact): ReturnType<typeof expandBody> {
    const batchOf = (digest: Uint8Array): readonly Uint8Array[] | undefined =>
      this.#pool?.get(digest)?.transactions
    return expandBody(parts, batchOf, bodyBytesMax)
  }

  /** Proposals whose batches have come. */
  #retry(): void {
    for (const [key, { compact, origin }] of this.#waiting) {
      const expanded = this.#expand(compact)
      if (!expanded.ok) continue
      this.#waiting.delete(key)
      this.#options.onProposal({ ...compact.proposal, body: expanded.value }, origin)
    }
  }

  /** From who sent the proposal or says that it holds the batch; each seat begins elsewhere. */
  async #fetchMissing(key: string, from: PeerId, digests: readonly Uint8Array[]): Promise<void> {
    const pool = this.#pool
    for (const peer of this.#sourcesOf(from, digests)) {
      const batches = await fetchBatches(this.#options.transport, peer, digests)
      if (this.#pool !== pool) return
      const asked = new Set(digests.map(hex))
      for (const batch of batches) {
        if (asked.delete(hex(batchDigest(batch)))) this.#add(peer, batch, 'fetched')
        else this.#options.transport.penalise(peer, 'FETCH_UNASKED')
      }
      if (!this.#waiting.has(key)) return
    }
    const waiting = this.#waiting.get(key)
    if (waiting === undefined) return
    this.#waiting.delete(key)
    this.#options.fetchProposal(from, hash('header', waiting.compact.proposal.header))
  }

  #sourcesOf(from: PeerId, digests: readonly Uint8Array[]): readonly PeerId[] {
    const [first] = digests
    const holders = first === undefined ? [] : (this.#pool?.holdersOf(first) ?? [])
    const peers = holders.flatMap((seat) => this.#options.peers.peerOf(seat) ?? [])
    const sources = [...new Set([from, ...peers])]
    const start = (this.#pool?.own ?? 0) % sources.length
    return [...sources.slice(start), ...sources.slice(0, start)].slice(0, 2)
  }
}
