/** What the parts of a node that deal with checkpoints need of it. */
import type { SubnetLayout } from '../../core/checkpoint/parameters.ts'
import type { GossipMessage, Transport, Verdict } from '../../ports/transport.ts'
import type { Chain } from '../chain.ts'
import type { MayAct } from '../mayAct.ts'
import type { Mempool } from '../mempool.ts'
import type { NodeEvents } from '../nodeEvents.ts'

export interface CheckpointHost {
  readonly chain: Chain
  readonly events: NodeEvents
  readonly mempool: Pick<Mempool, 'candidates'>
  readonly mayAct: MayAct
  readonly transport: Transport
  readonly isSyncing: boolean
  /** Judges what comes on the topic of checkpoints. */
  onAggregate: (message: GossipMessage) => Verdict
  submit(bytes: Uint8Array): Promise<unknown>
}

/** How votes are gathered: the layout is the same for every node of a chain, the rest is local. */
export interface GatheringPolicy extends SubnetLayout {
  /** Final blocks, since votes may be cast, until the first aggregator sends on what it holds. */
  readonly firstTurnBlocks: number
  /** And until single votes are asked for again, of all subnets. */
  readonly fallbackBlocks: number
}
