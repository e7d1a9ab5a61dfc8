/**
 * When to catch up and from whom: on a block from above the tip, on messages of a later epoch, and
 * every few seconds by comparing heights. One pull at a time; a peer that fails is passed over. Who
 * is far behind takes a snapshot first (SYNC-1).
 */
import { readHeader } from '../core/chain/certified.ts'
import { equalBytes } from '../core/base/bytes.ts'
import type { CertifiedBlock } from '../core/codec/chain.ts'
import type { Clock } from '../ports/clock.ts'
import type { StoredBlock } from '../ports/store.ts'
import type { PeerId, Transport } from '../ports/transport.ts'
import type { Tip } from './chain.ts'
import type { SerialQueue } from './serialQueue.ts'
import type { Syncer } from './sync.ts'

const idleMs = 3000

/** Before messages of a later epoch lead to a pull: the boundary is often just on its way. */
const patienceMs = 400

interface SyncOptions {
  readonly syncer: Syncer
  readonly transport: Transport
  readonly clock: Clock
  readonly tip: () => Tip
  readonly onAdvanced: (applied: readonly StoredBlock[]) => Promise<void>
  readonly readBlocks: (fromHeight: number, count: number) => Promise<readonly StoredBlock[]>
  readonly queue: SerialQueue
  /** Moves the tip to a snapshot when that is far ahead, or when `isForced`; whether it did. */
  readonly snapshot: (isForced: boolean) => Promise<boolean>
}

export class SyncDriver {
  readonly #options: SyncOptions
  #busy = false
  #stopped = false
  #scheduled = false
  #target = 0
  #isPruned = false
  #cancel: () => void = () => undefined

  constructor(options: SyncOptions) {
    this.#options = options
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
      this.request(from)
      return
    }
    this.#options.queue.push(async () => {
      const now = this.#options.tip()
      if (!equalBytes(header.parent, now.hash)) return
      const code = await this.#options.syncer.applySegment([block])
      if (code === undefined) await this.#report(now.height)
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
    this.#options.queue.push(async () => {
      try {
        await this.#pullFrom(first)
      } finally {
        this.#busy = false
      }
    })
  }

  async #pullFrom(first: PeerId | undefined): Promise<void> {
    if (await this.#options.snapshot(this.#isPruned)) {
      this.request(first)
      return
    }
    this.#isPruned = false
    const others = this.#options.transport.peers().map(({ peer }) => peer)
    const peers = first === undefined ? others : [first, ...others.filter((one) => one !== first)]
    for (const peer of peers.slice(0, 3)) {
      const before = this.#options.tip().height
      const outcome = await this.#options.syncer.pull(peer)
      const after = this.#options.tip().height
      if (after > before) await this.#report(before)
      if (outcome.type === 'done') {
        this.#target = Math.max(this.#target, Math.min(outcome.tipHeight, after + 100_000))
        if (outcome.applied > 0 && outcome.tipHeight > after) this.request(peer)
        if (outcome.applied > 0) this.#isPruned = false
        if (outcome.applied > 0 || outcome.tipHeight <= after) return
      } else if (outcome.isPeerFault) this.#options.transport.penalise(peer, outcome.code)
      else if (outcome.code === 'SYNC_HISTORY_PRUNED') this.#isPruned = true
    }
  }

  async #report(heightBefore: number): Promise<void> {
    const count = this.#options.tip().height - heightBefore
    const applied = await this.#options.readBlocks(heightBefore + 1, count)
    await this.#options.onAdvanced(applied)
  }
}
