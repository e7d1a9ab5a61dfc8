/**
 * Aggregates that come by gossip (CKPT-1, NET-2): only those of the subnet's aggregators are
 * judged, a few of each, and only what counts more than what is held is verified and forwarded.
 */
import { read } from '../../core/ledger/state.ts'
import { duties } from '../../core/ledger/tables.ts'
import { SubnetAggregate } from '../../core/codec/checkpoint.ts'
import { decodeStrict } from '../../core/codec/strict.ts'
import { subnetAggregateBytesMax } from '../../core/checkpoint/subnetAggregate.ts'
import type { GossipMessage, PeerId, Verdict } from '../../ports/transport.ts'
import type { Added, CheckpointBallot } from '../checkpointBallot.ts'
import type { CheckpointHost } from './host.ts'
import { aggregatesMax } from './subnetPart.ts'

export class AggregateDesk {
  readonly #node: Pick<CheckpointHost, 'chain'>
  #ballot: CheckpointBallot | undefined
  /** Judged of each aggregator for the number of the ballot. */
  readonly #judged = new Map<PeerId, number>()

  constructor(node: Pick<CheckpointHost, 'chain'>) {
    this.#node = node
  }

  follow(ballot: CheckpointBallot): void {
    this.#ballot = ballot
    this.#judged.clear()
  }

  judge({ author, bytes }: GossipMessage): { readonly verdict: Verdict; readonly added?: Added } {
    const decoded = decodeStrict(SubnetAggregate, bytes, subnetAggregateBytesMax)
    if (!decoded.ok) return { verdict: 'reject' }
    const { content, subnet } = decoded.value
    const ballot = this.#ballot
    if (ballot?.content.number !== content?.number || ballot === undefined) {
      return { verdict: 'ignore' }
    }
    if (author === undefined || !this.#isAggregator(ballot, subnet, author)) {
      return { verdict: 'ignore' }
    }
    const judged = this.#judged.get(author) ?? 0
    if (judged >= aggregatesMax) return { verdict: 'ignore' }
    const added = ballot.addAggregate(decoded.value)
    if (added === 'kept' || added === 'invalid') this.#judged.set(author, judged + 1)
    if (added === 'invalid') return { verdict: 'reject', added }
    return { verdict: added === 'kept' ? 'accept' : 'ignore', added }
  }

  #isAggregator(ballot: CheckpointBallot, subnet: number, author: PeerId): boolean {
    const { state } = this.#node.chain.tip
    return ballot.plan.aggregatorsOf(subnet).some((voter) => {
      const account = ballot.env.set.voters[voter]?.account
      return account !== undefined && read(state, duties, account)?.peerId === author
    })
  }
}
