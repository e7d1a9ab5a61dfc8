/** What a run measured, in milliseconds and bytes. */
import type { EventQueue } from './base/eventQueue.ts'

/** One block on its way to finality. */
export interface BlockTimes {
  readonly view: number
  readonly epoch: number
  readonly leader: number
  /** The leader began to build it, µs. */
  readonly begunUs: number
  /** When a node held its commit certificate as final, µs, by node. */
  readonly finalUs: Map<number, number>
  /** When a node sent its COMMIT, µs, by node. */
  readonly commitUs: Map<number, number>
}

/** What became of a view: when each node first held the certificates of it, µs, by node. */
export interface ViewTimes {
  readonly epoch: number
  readonly view: number
  readonly leader: number
  /** The leader sent its proposal. */
  proposedUs: number | undefined
  readonly quorumUs: Map<number, number>
  readonly skipUs: Map<number, number>
  readonly finalUs: Map<number, number>
}

export class Metrics {
  readonly views = new Map<string, ViewTimes>()
  readonly blocks = new Map<string, BlockTimes>()
  messages = 0
  /** Strong certificates, over all nodes (BFT-12). */
  strong = 0
  /** Most views and blocks that one agreement held at once. */
  viewsMax = 0
  blocksMax = 0
  /** Largest safety record, bytes. */
  recordBytesMax = 0
  /** How often each offence was filed by one node: `node:kind:epoch:view:seat`. */
  readonly filings = new Map<string, number>()
  readonly #queue: EventQueue

  constructor(queue: EventQueue) {
    this.#queue = queue
  }

  begun(hash: string, block: Omit<BlockTimes, 'finalUs' | 'commitUs'>): void {
    this.blocks.set(hash, { ...block, finalUs: new Map(), commitUs: new Map() })
  }

  proposed(place: ViewPlace): void {
    this.#view(place).proposedUs ??= this.#queue.nowUs
  }

  /** The node holds a QC, NC or FC of the view, and passes it on. */
  certified(place: ViewPlace, kind: 'quorumUs' | 'skipUs' | 'finalUs', node: number): void {
    const times = this.#view(place)[kind]
    if (!times.has(node)) times.set(node, this.#queue.nowUs)
  }

  #view(place: ViewPlace): ViewTimes {
    const key = `${String(place.epoch)}.${String(place.view)}`
    const known = this.views.get(key)
    if (known !== undefined) return known
    const none = (): Map<number, number> => new Map()
    const times = { quorumUs: none(), skipUs: none(), finalUs: none() }
    const made: ViewTimes = { ...place, proposedUs: undefined, ...times }
    this.views.set(key, made)
    return made
  }

  commit(hash: string, node: number): void {
    this.blocks.get(hash)?.commitUs.set(node, this.#queue.nowUs)
  }

  filing(offence: string): void {
    this.filings.set(offence, (this.filings.get(offence) ?? 0) + 1)
  }

  final(hash: string, node: number): void {
    const block = this.blocks.get(hash)
    if (block !== undefined && !block.finalUs.has(node)) {
      block.finalUs.set(node, this.#queue.nowUs)
    }
  }
}

type ViewPlace = Pick<ViewTimes, 'epoch' | 'view' | 'leader'>

export interface Quantiles {
  readonly count: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
}

/** Nearest rank; zeros for nothing. */
export function quantiles(values: readonly number[]): Quantiles {
  const sorted = values.toSorted((left, right) => left - right)
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? 0
  return { count: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}
