/** What a node reports to whoever composes it: duty cycle, snapshot, log, archive. */
import type { Contradiction, Effect } from '../core/bft/types.ts'
import type { Certificate } from '../core/codec/chain.ts'
import type { CheckpointContent } from '../core/codec/checkpoint.ts'
import type { StoredBlock } from '../ports/store.ts'
import type { RunningEpoch } from './epochRunner.ts'

/** FORK-1, or a quorum that this node's execution contradicts, with what shows it. */
export type Alarm = Omit<Extract<Effect, { type: 'alarm' }>, 'type'>

export type NodeEvent =
  /** `seenAtMs`: when this node learnt of it; undefined of one that was final before (SYNC-1). */
  | { readonly type: 'final'; readonly block: StoredBlock; readonly seenAtMs: number | undefined }
  /** BFT-12: more than a quorum committed a block. */
  | { readonly type: 'strong'; readonly certificate: Certificate }
  | { readonly type: 'epoch'; readonly running: RunningEpoch }
  /** The agreement moved. */
  | { readonly type: 'state' }
  | { readonly type: 'peers' }
  | { readonly type: 'evidence'; readonly contradiction: Contradiction }
  /** CKPT-1: a checkpoint formed, and is stored. */
  | { readonly type: 'checkpoint'; readonly content: CheckpointContent }
  /** FORK-1, or a quorum that this node's execution contradicts: it stopped signing. */
  | ({ readonly type: 'alarm' } & Alarm)
  /** RECOVER-1: the network goes on from below what is final here; it signs nothing any more. */
  | { readonly type: 'passed'; readonly epoch: number; readonly baseHeight: number | undefined }
  /** SYNC-4: it keeps all, and no peer has the block that it needs next. */
  | { readonly type: 'historyPruned'; readonly height: number }
  | { readonly type: 'notice'; readonly text: string }
  /** Storage failed or an own invariant broke: nothing is signed any more. */
  | { readonly type: 'failure'; readonly error: unknown }

export class NodeEvents {
  readonly #handlers = new Set<(event: NodeEvent) => void>()

  on(handler: (event: NodeEvent) => void): () => void {
    this.#handlers.add(handler)
    return () => this.#handlers.delete(handler)
  }

  emit(event: NodeEvent): void {
    for (const handler of this.#handlers) handler(event)
  }

  /** `news` of these blocks became final now; the others were before somebody sent them. */
  emitFinal(blocks: readonly StoredBlock[], news: readonly StoredBlock[], nowMs: number): void {
    for (const block of blocks) {
      const seenAtMs = news.includes(block) ? nowMs : undefined
      this.emit({ type: 'final', block, seenAtMs })
    }
  }
}
