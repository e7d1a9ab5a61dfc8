/**
 * When to catch up and from whom: on a block from above the tip, on messages of a later epoch, and
 * every few seconds by comparing heights. Who is far behind takes a snapshot first (SYNC-1).
 *
 * Peers are waited for outside the queue of the tip, in which finality and the next epoch wait:
 * only what they sent is applied in it. One round at a time; who is slow in it is overtaken, and
 * what it sends later still counts.
 */
import { readHeader } from '../core/chain/certified.ts'
import { equalBytes } from '../core/base/bytes.ts'
import type { CertifiedBlock } from '../core/codec/chain.ts'
import type { Clock } from '../ports/clock.ts'
import type { StoredBlock } from '../ports/store.ts'
import type { PeerId, Transport } from '../ports/transport.ts'
import { Allowance } from './allowance.ts'
import type { Tip } from './chain.ts'
import { GivenBlocks } from './givenBlocks.ts'
import type { PeerFailure } from './peerFailure.ts'
import type { SerialQueue } from './serialQueue.ts'
import type { Syncer, SyncPage } from './sync.ts'
import { SyncPeers } from './syncPeers.ts'

const idleMs = 3000

/** Before messages of a later epoch lead to a pull: the boundary is often just on its way. */
const patienceMs = 400

/** Peers that are asked in one round. */
const askedMax = 3

/** Before the next peer is asked while this one owes an answer. */
const overtakeMs = 1500

/** Offered blocks that do not hold, each at the price of a certificate. */
const refusedLimits = { windowMs: 10_000, peerMax: 8, totalMax: 64 }

/** Pulls that offered blocks from above the next one lead to. */
const claimLimits = { windowMs: 3000, peerMax: 4, totalMax: 16 }

/** Before blocks are asked for while peers are asked for a snapshot. */
const lookMs = 5000

interface SyncOptions {
  readonly syncer: Syncer
  readonly transport: Transport
  readonly clock: Clock
  readonly tip: () => Tip
  readonly onAdvanced: (applied: readonly StoredBlock[]) => Promise<void>
  readonly readBlocks: (fromHeight: number, count: number) => Promise<readonly StoredBlock[]>
  readonly queue: SerialQueue
  /**
   * Moves the tip to a snapshot when that is far ahead, or when `isForced`: nobody gives the next
   * block. Whether it did. Called outside the queue.
   */
  readonly snapshot: (isForced: boolean) => Promise<boolean>
  /** Whether a snapshot that was verified is being fetched. */
  readonly isImporting: () => boolean
  /**
   * Whether a restart passed this node by, as that peer shows, or it is not its turn to show it:
   * then its blocks do not fit here, and need not be wrong (RECOVER-1). Called outside the queue.
   */
  readonly isPassed: (peer: PeerId) => Promise<boolean>
}

export class SyncDriver {
  readonly #options: SyncOptions
  readonly #peers = new SyncPeers()
  readonly #refused: Allowance
  readonly #claims: Allowance
  readonly #given: GivenBlocks
  #snapshot: Promise<boolean> | undefined
  #busy = false
  #stopped = false
  #scheduled = false
  #target = 0
  #cancel: () => void = () => undefined

  constructor(options: SyncOptions) {
    this.#options = options
    const nowMs = (): number => options.clock.nowMs()
    this.#refused = new Allowance(refusedLimits, nowMs)
    this.#claims = new Allowance(claimLimits, nowMs)
    this.#given = new GivenBlocks(nowMs)
  }

  get isBusy(): boolean {
    return this.#busy && this.#target > this.#options.tip().height + 2
  }

  get isStopped(): boolean {
    return this.#stopped
  }

  get target(): number {
    return Math.max(this.#target, this.#options.tip().height)
  }

  start(): void {
    this.#idle()
  }

  stop(): void {
    this.#stopped = true
    this.#cancel()
    // An import writes to the store: who waits for the queue waits for it as well.
    const snapshot = this.#snapshot
    this.#options.queue.push(async () => {
      await snapshot
    })
  }

  /** Someone is ahead: pull soon, from that peer first. */
  request(peer: PeerId | undefined): void {
    if (this.#scheduled || this.#stopped) return
    this.#scheduled = true
    this.#options.clock.after(patienceMs, () => {
      this.#scheduled = false
      this.#pull(peer)
    })
  }

  /** A final block that a peer pushed. */
  offer(block: CertifiedBlock, from: PeerId): void {
    const read = readHeader(block.header)
    if (!read.ok) {
      this.#options.transport.penalise(from, read.error.code)
      return
    }
    const { header } = read.value
    const tip = this.#options.tip()
    if (header.height <= tip.height) return
    this.#target = Math.max(this.#target, Math.min(header.height, tip.height + 100_000))
    if (header.height > tip.height + 1) {
      if (this.#claims.take(from)) this.request(from)
      return
    }
    this.#options.queue.push(async () => {
      const now = this.#options.tip()
      if (!equalBytes(header.parent, now.hash) || !this.#refused.hasLeft(from)) return
      const code = await this.#options.syncer.applySegment([block])
      if (code === undefined) await this.#report(now.height)
      // Whoever forwarded it may not have been able to judge it.
      else this.#refused.take(from)
    })
  }

  #idle(): void {
    if (this.#stopped) return
    this.#pull(undefined)
    this.#cancel = this.#options.clock.after(idleMs, () => {
      this.#idle()
    })
  }

  #pull(first: PeerId | undefined): void {
    if (this.#busy || this.#stopped) return
    this.#busy = true
    const round = this.#round(first).finally(() => {
      this.#busy = false
    })
    // A store that fails is the queue's to report, as everywhere.
    round.catch(() => {
      this.#options.queue.push(() => round)
    })
  }

  async #round(first: PeerId | undefined): Promise<void> {
    if (await this.#takesSnapshot()) {
      this.request(first)
      return
    }
    for (const peer of this.#peers.next(this.#connected(), first, askedMax)) {
      if (this.#stopped || (await this.#inTime(this.#ask(peer), overtakeMs))) return
    }
  }

  /** Whether one was taken, or is under way: then no block before it is needed. */
  async #takesSnapshot(): Promise<boolean> {
    const isForced = this.#given.isForced(this.#connected(), this.#options.tip().height + 1)
    this.#snapshot ??= this.#options.snapshot(isForced).finally(() => {
      this.#snapshot = undefined
    })
    return (await this.#inTime(this.#snapshot, lookMs)) || this.#options.isImporting()
  }

  #connected(): readonly PeerId[] {
    return this.#options.transport.peers().map(({ peer }) => peer)
  }

  /** False too when it takes longer. */
  async #inTime(asked: Promise<boolean>, waitMs: number): Promise<boolean> {
    let cancel = (): void => undefined
    const overtaken = new Promise<boolean>((resolve) => {
      cancel = this.#options.clock.after(waitMs, () => {
        resolve(false)
      })
    })
    const isAdvanced = await Promise.race([asked, overtaken])
    cancel()
    return isAdvanced
  }

  /** Whether the peer's page moved the tip. That it is not ahead says nothing about the others. */
  async #ask(peer: PeerId): Promise<boolean> {
    const { syncer, queue, transport } = this.#options
    this.#peers.asked(peer)
    const needed = this.#options.tip().height + 1
    const page = await syncer.fetch(peer)
    if (this.#stopped) return false
    this.#given.note(peer, needed, !page.ok && page.error.code === 'SYNC_HISTORY_PRUNED')
    if (!page.ok) {
      this.#peers.answered(peer, false)
      if (page.error.isPeerFault) transport.penalise(peer, page.error.code)
      return false
    }
    const { tipHeight, blocks } = page.value
    this.#peers.answered(peer, blocks.length > 0 || tipHeight <= this.#options.tip().height)
    if (blocks.length === 0) return false
    const outcome = await queue.run(() => this.#apply(peer, page.value))
    const fault = outcome?.failure?.isPeerFault === true ? outcome.failure.code : undefined
    // Who follows a restart that passed this node by has other blocks, and does nothing wrong.
    if (fault !== undefined && !this.isStopped && !(await this.#options.isPassed(peer))) {
      transport.penalise(peer, fault)
    }
    return outcome?.isAdvanced ?? false
  }

  /** In the queue. */
  async #apply(
    peer: PeerId,
    page: SyncPage,
  ): Promise<{ readonly isAdvanced: boolean; readonly failure: PeerFailure | undefined }> {
    const before = this.#options.tip().height
    const { applied, failure } = await this.#options.syncer.apply(page)
    if (applied > 0) await this.#report(before)
    if (failure !== undefined) this.#peers.answered(peer, false)
    else if (applied > 0) {
      const { height } = this.#options.tip()
      this.#target = Math.max(this.#target, Math.min(page.tipHeight, height + 100_000))
      if (page.tipHeight > height) this.request(peer)
    }
    return { isAdvanced: applied > 0 && failure === undefined, failure }
  }

  async #report(heightBefore: number): Promise<void> {
    const count = this.#options.tip().height - heightBefore
    const applied = await this.#options.readBlocks(heightBefore + 1, count)
    await this.#options.onAdvanced(applied)
  }
}
