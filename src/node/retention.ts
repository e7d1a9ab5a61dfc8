/**
 * What a node forgets of its chain (SYNC-4): blocks and boundaries that it needs no longer, neither
 * for itself nor to serve who is behind. Archives keep all.
 *
 * A step follows each final block and is bounded, so a node that kept more before catches up over
 * the blocks to come. A step that was cut off is done again by the next one.
 */
import { readSingle } from '../core/ledger/state.ts'
import { parameters } from '../core/ledger/tables.ts'
import { StoreFailure } from '../ports/store.ts'
import type { Chain } from './chain.ts'
import { snapshotsKept, type SnapshotPolicy } from './snapshotShelf.ts'

/** Local policy. */
export interface RetentionPolicy {
  /** Whole epochs before the running one whose blocks are kept. */
  readonly blockEpochs: number
  /**
   * What was missed is executed, and the blocks that are kept stay, up to so many epochs and for so
   * long; after that a snapshot takes their place. Undefined: there is nothing worth the wait.
   */
  readonly executes?: { readonly epochs: number; readonly forMs: number }
}

/**
 * Of a validator in Node: as far back as it holds checkpoints, 256 of 20 epochs, so that whoever
 * finds the next checkpoint finds every block from there. Two days; some 150,000 blocks when idle.
 * An absence of four hours costs none of them: 14,400 blocks when idle, minutes of executing.
 */
export const nodeRetention: RetentionPolicy = {
  blockEpochs: 5_120,
  executes: { epochs: 480, forMs: 10 * 60_000 },
}

/** Of a tab: an hour, three times what must be. */
export const tabRetention: RetentionPolicy = { blockEpochs: 120 }

/** In one step. */
const blocksMax = 256
const boundariesMax = 16

/** What is kept by epoch beside blocks: the boundary, its height, and what a restart left. */
const kinds = ['light', 'boundary', 'unexplained', 'restart', 'restart/voters'] as const

export class Retention {
  readonly #chain: Chain
  readonly #blockEpochs: number
  /** The epoch for which nothing is left to do. */
  #doneEpoch = -1
  /** No block lies below it, as of an epoch. */
  #lowest: { readonly epoch: number; readonly height: number } | undefined
  /** Epochs whose boundaries are to go, and the first whose boundary stays. */
  #old: number[] = []
  #boundariesFrom = -Infinity

  constructor(chain: Chain, policy: RetentionPolicy, snapshots: SnapshotPolicy) {
    this.#chain = chain
    this.#blockEpochs = Math.max(policy.blockEpochs, leastEpochs(snapshots))
  }

  /** After a final block, with nothing else that moves the tip. On a full disk: at the next one. */
  async step(): Promise<void> {
    const { epoch } = this.#chain
    if (epoch === this.#doneEpoch) return
    try {
      const isDone = [await this.#pruneBlocks(epoch), await this.#pruneBoundaries(epoch)]
      if (!isDone.includes(false)) this.#doneEpoch = epoch
    } catch (error) {
      // The block is final and stored: what failed is only forgetting.
      if (!(error instanceof StoreFailure && error.detail.code === 'STORAGE_FULL')) throw error
    }
  }

  /** Whether nothing is left. The block on which the oldest epoch stands is kept. */
  async #pruneBlocks(epoch: number): Promise<boolean> {
    const { boundaries, store } = this.#chain
    const height = await boundaries.heightOf(epoch - this.#blockEpochs - 1)
    if (height === undefined) return true
    if (this.#lowest?.epoch !== epoch) {
      const [oldest] = await store.readBlocks(0, 1)
      this.#lowest = { epoch, height: oldest?.height ?? height }
    }
    const below = Math.min(height, this.#lowest.height + blocksMax)
    if (this.#lowest.height < below) await store.pruneBlocks(below)
    this.#lowest = { epoch, height: below }
    return below === height
  }

  async #pruneBoundaries(epoch: number): Promise<boolean> {
    const from = epoch - this.#boundaryEpochs - 1
    // With a new process, and where a snapshot passed over epochs, the store says what is there.
    if (from > this.#boundariesFrom + 1) this.#old = await this.#storedBelow(from)
    else if (from > Math.max(0, this.#boundariesFrom)) this.#old.push(this.#boundariesFrom)
    this.#boundariesFrom = from
    const gone = this.#old.slice(0, boundariesMax)
    const names = gone.flatMap((old) => kinds.map((kind) => `${kind}/${String(old)}`))
    await Promise.all(names.map((name) => this.#chain.store.putValue(name, undefined)))
    this.#old.splice(0, gone.length)
    return this.#old.length === 0
  }

  /** Half of the unbonding time: no anchor that is older is followed (SYNC-1). */
  get #boundaryEpochs(): number {
    const { unbondingMs, epochMs } = readSingle(this.#chain.tip.state, parameters)
    return Math.max(this.#blockEpochs, Math.ceil(unbondingMs / (2 * epochMs)))
  }

  async #storedBelow(epoch: number): Promise<number[]> {
    const { store } = this.#chain
    const lists = await Promise.all(kinds.map((kind) => store.listValues(`${kind}/`)))
    const epochs = lists.flat().flatMap((name) => {
      const [, digits] = /^[a-z/]+\/([0-9]+)$/.exec(name) ?? []
      return digits === undefined ? [] : [Number(digits)]
    })
    return [...new Set(epochs)].filter((old) => old < epoch).sort((left, right) => left - right)
  }
}

/** Who is less far behind executes blocks; the older snapshot on offer is so old at most. */
function leastEpochs({ behindEpochs, everyEpochs }: SnapshotPolicy): number {
  return behindEpochs + snapshotsKept * everyEpochs
}
