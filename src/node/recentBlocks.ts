/** The newest blocks as a page shows them: who signed, how strong, how soon final. */
import { hex } from '../core/base/bytes.ts'
import { signersOf } from '../core/bft/certificate.ts'
import type { Certificate } from '../core/codec/chain.ts'
import type { StoredBlock } from '../ports/store.ts'
import type { BlockSummary, NodeSnapshot } from './api.ts'
import { committeeOf } from './epochEnv.ts'
import type { Node } from './node.ts'
import type { NodeEvent } from './nodeEvents.ts'
import { quantiles } from './quantiles.ts'
import { blockSummary } from './snapshot.ts'

const blocksKept = 50
const finalitiesKept = 200

export class RecentBlocks {
  readonly #node: Node
  readonly #finalities: number[] = []
  #blocks: readonly BlockSummary[] = []
  /** Hashes of blocks that were reported strong, newest first. */
  #strong: readonly string[] = []

  constructor(node: Node) {
    this.#node = node
  }

  /** Newest first. */
  get list(): readonly BlockSummary[] {
    return this.#blocks
  }

  get finalityMs(): NodeSnapshot['finalityMs'] {
    return quantiles(this.#finalities)
  }

  async load(): Promise<void> {
    const { chain } = this.#node
    const from = Math.max(1, chain.tip.height - blocksKept + 1)
    const stored = await chain.store.readBlocks(from, blocksKept)
    for (const block of stored) {
      if (this.#blocks.every(({ height }) => height !== block.height)) this.#add(block, undefined)
    }
  }

  /** Older ones, newest first, from the node's own store. */
  async before(height: number, countMax: number): Promise<readonly BlockSummary[]> {
    const count = Math.min(countMax, 200)
    const from = Math.max(1, height - count)
    const stored = await this.#node.chain.store.readBlocks(from, height - from)
    return stored.map((block) => this.#summary(block, undefined)).reverse()
  }

  note(event: NodeEvent): void {
    if (event.type === 'strong') this.#noteStrong(event.certificate)
    if (event.type !== 'final') return
    // Behind the others, what arrives is late by as much as this node is.
    const seenAtMs = this.#node.isSyncing ? undefined : event.seenAtMs
    const { finalAfterMs } = this.#add(event.block, seenAtMs)
    if (finalAfterMs === undefined) return
    this.#finalities.push(finalAfterMs)
    if (this.#finalities.length > finalitiesKept) this.#finalities.shift()
  }

  /** BFT-12: late COMMITs make a final block strong, or its certificate was strong at once. */
  #noteStrong(certificate: Certificate): void {
    const hash = hex(certificate.block)
    this.#strong = [hash, ...this.#strong].slice(0, blocksKept)
    this.#blocks = this.#blocks.map((block) => {
      if (block.hash !== hash) return block
      const signers = signersOf(block.seatCount, certificate.signers) ?? block.signers
      return { ...block, signers, isStrong: true }
    })
  }

  #add(block: StoredBlock, seenAtMs: number | undefined): BlockSummary {
    const known = this.#summary(block, seenAtMs)
    const isNews = seenAtMs !== undefined
    const summary = isNews ? { ...known, isStrong: this.#strong.includes(known.hash) } : known
    this.#blocks = [summary, ...this.#blocks].slice(0, blocksKept)
    return summary
  }

  #summary(block: StoredBlock, seenAtMs: number | undefined): BlockSummary {
    const { chain, running } = this.#node
    const held = committeeOf(chain.tip.state, block.epoch)
    const committee = held ?? (running?.epoch === block.epoch ? running.committee : undefined)
    const summary = blockSummary(block, committee, undefined)
    if (seenAtMs === undefined) return summary
    return { ...summary, finalAfterMs: Math.max(0, seenAtMs - summary.timeMs) }
  }
}
