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

export class Metrics {
  readonly blocks = new Map<string, BlockTimes>()
  messages = 0
  /** Strong certificates, over all nodes (BFT-12). */
  strong = 0
  /** Most views and blocks that one agreement held at once. */
  viewsMax = 0
  blocksMax = 0
  /** Largest safety record, bytes. */
  recordBytesMax = 0
  readonly #queue: EventQueue

  constructor(queue: EventQueue) {
    this.#queue = queue
  }

  begun(hash: string, block: Omit<BlockTimes, 'finalUs' | 'commitUs'>): void {
    this.blocks.set(hash, { ...block, finalUs: new Map(), commitUs: new Map() })
  }

  commit(hash: string, node: number): void {
    this.blocks.get(hash)?.commitUs.set(node, this.#queue.nowUs)
  }

  final(hash: string, node: number): void {
    const block = this.blocks.get(hash)
    if (block !== undefined && !block.finalUs.has(node)) {
      block.finalUs.set(node, this.#queue.nowUs)
    }
  }
}

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
