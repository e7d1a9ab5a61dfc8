/**
 * A voter's part in its subnet (CKPT-1): it hands its vote to two aggregators, and to others when
 * an aggregate without it was sent on; an aggregator takes votes, asks its fellows for theirs, and
 * sends the aggregate on in its turn when it counts more than what was sent before.
 */
import { read } from '../../core/ledger/state.ts'
import { duties } from '../../core/ledger/tables.ts'
import { bitmapOf } from '../../core/base/bitmap.ts'
import {
  CheckpointRequest,
  CheckpointResponse,
  SubnetAggregate,
  type CheckpointVote,
} from '../../core/codec/checkpoint.ts'
import type { PeerId } from '../../ports/transport.ts'
import type { CheckpointBallot } from '../checkpointBallot.ts'
import { ask } from '../peerFailure.ts'
import type { CheckpointHost, GatheringPolicy } from './host.ts'
import { straysMax, takeAnswer } from './takeAnswer.ts'

/** Aggregates of one number from one aggregator: what comes on top is not judged. */
export const aggregatesMax = 3

/** Aggregators that hold a vote before anybody saw an aggregate. */
const handedFirst = 2

/** Once so many peers have handed over what is of another set, nobody else's is looked at. */
const strayPeersMax = 32

/** Where the lease of an aggregator says that it is. */
interface Place {
  readonly peer: PeerId
  readonly via: readonly string[]
}

/** Each aggregator is tried so often. */
const roundsMax = 3

interface Around {
  readonly node: Pick<CheckpointHost, 'transport' | 'chain'>
  readonly ballot: CheckpointBallot
  readonly policy: GatheringPolicy
  readonly voter: number | undefined
}

export class SubnetPart {
  /** Of this node in the set; undefined for who only listens. */
  readonly voter: number | undefined
  readonly #around: Around
  readonly #subnet: number
  readonly #aggregators: readonly number[]
  /** Its turn among the aggregators; -1 for who is none. */
  readonly #rank: number
  /** Height at which votes could be cast. */
  #since: number | undefined
  #handed = 0
  #taken = 0
  #underWay = 0
  #nextTurn: number
  #sent = 0
  #fellows = 0
  /** Votes that led to nothing, by who handed them over. */
  readonly #strays = new Map<PeerId, number>()

  constructor(around: Around) {
    const { ballot, voter, policy } = around
    this.#around = around
    this.voter = voter
    this.#subnet = voter === undefined ? 0 : ballot.plan.subnetOf(voter)
    const isMember = voter !== undefined && ballot.plan.members.length > 1
    this.#aggregators = isMember ? ballot.plan.aggregatorsOf(this.#subnet) : []
    this.#rank = voter === undefined ? -1 : this.#aggregators.indexOf(voter)
    this.#nextTurn = policy.firstTurnBlocks + this.#rank
  }

  /** With each final block; what it asks of others goes on by itself. */
  look(height: number): void {
    const { ballot, voter } = this.#around
    if (!ballot.postQuantum.isReady) return
    this.#since ??= height
    if (voter === undefined || this.#aggregators.length === 0) return
    const blocks = height - this.#since
    if (this.#rank < 0) this.#handOver(voter, blocks)
    else {
      this.#askFellow(voter)
      this.#sendOn(blocks)
    }
  }

  /** Bitmap of the subnets whose single votes this node asks of anybody. */
  singlesOf(height: number): Uint8Array {
    const { ballot, policy } = this.#around
    const count = ballot.plan.members.length
    const blocks = this.#since === undefined ? 0 : height - this.#since
    const isOpen = count === 1 || blocks >= policy.fallbackBlocks
    return bitmapOf(count, isOpen ? ballot.plan.members.keys() : [])
  }

  /** Whether a vote is held that was handed over; of other subnets none is taken. */
  take(from: PeerId, vote: CheckpointVote): boolean {
    const { ballot, node } = this.#around
    if (this.#rank < 0 || ballot.plan.subnetOf(vote.voter) !== this.#subnet) return false
    const strays = this.#strays.get(from) ?? 0
    const mayStray = strays < straysMax && this.#strays.size < strayPeersMax
    if (!ballot.isOnContent(vote) && !mayStray) return false
    const added = ballot.addVote(vote)
    if (added === 'stray') this.#strays.set(from, strays + 1)
    if (added === 'invalid') node.transport.penalise(from, 'CHECKPOINT_VOTE_INVALID')
    return added === 'kept' || added === 'known'
  }

  #handOver(voter: number, blocks: number): void {
    const { ballot, policy } = this.#around
    const vote = ballot.voteOf(voter)
    if (vote === undefined || ballot.isAggregated(voter)) return
    const isLate = blocks >= policy.firstTurnBlocks + handedFirst
    const wanted = isLate ? this.#underWay + 1 : handedFirst - this.#taken
    while (this.#underWay < wanted && this.#handed < roundsMax * this.#aggregators.length) {
      const turn = (voter + this.#handed) % this.#aggregators.length
      this.#handed += 1
      const place = this.#placeOf(this.#aggregators[turn])
      if (place !== undefined) void this.#hand(place, vote)
    }
  }

  async #hand(place: Place, vote: CheckpointVote): Promise<void> {
    this.#underWay += 1
    const answer = await this.#ask(place, { votesOn: this.#around.ballot.content.number, vote })
    this.#underWay -= 1
    if (answer?.taken === true) this.#taken += 1
  }

  /** What only a fellow was handed, and what contradicts it. */
  #askFellow(voter: number): void {
    const { ballot, node } = this.#around
    if (this.#underWay > 0 || ballot.isDecided) return
    const fellows = this.#aggregators.filter((one) => one !== voter)
    const place = this.#placeOf(fellows[this.#fellows % Math.max(1, fellows.length)])
    this.#fellows += 1
    if (place === undefined) return
    const { peer } = place
    const { heldVotes, postQuantum, content, plan } = ballot
    const request = {
      votesOn: content.number,
      heldVotes,
      heldPostQuantum: postQuantum.held,
      singlesOf: bitmapOf(plan.members.length, [this.#subnet]),
    }
    const take = async (): Promise<void> => {
      this.#underWay += 1
      const answer = await this.#ask(place, request)
      this.#underWay -= 1
      if (answer !== undefined) takeAnswer(node.transport, ballot, { peer, answer })
    }
    void take()
  }

  #sendOn(blocks: number): void {
    const { ballot, node } = this.#around
    if (blocks < this.#nextTurn || this.#sent >= aggregatesMax || ballot.isDecided) return
    this.#nextTurn = blocks + this.#aggregators.length
    const aggregate = ballot.aggregateOf(this.#subnet)
    if (aggregate === undefined || ballot.addAggregate(aggregate) !== 'kept') return
    this.#sent += 1
    node.transport.publish('checkpoint', SubnetAggregate.encode(aggregate))
  }

  async #ask(
    { peer, via }: Place,
    request: Partial<CheckpointRequest>,
  ): Promise<CheckpointResponse | undefined> {
    const { transport } = this.#around.node
    const bytes = CheckpointRequest.encode(request)
    const answer = await ask(transport, peer, {
      protocol: 'checkpoint',
      bytes,
      codec: CheckpointResponse,
      via,
    })
    if (answer.ok) return answer.value
    if (answer.error.isPeerFault) transport.penalise(peer, answer.error.code)
    return undefined
  }

  #placeOf(voter: number | undefined): Place | undefined {
    const { ballot, node } = this.#around
    const entry = voter === undefined ? undefined : ballot.env.set.voters[voter]
    const lease = entry && read(node.chain.tip.state, duties, entry.account)
    if (lease === undefined || lease.peerId === '') return undefined
    return { peer: lease.peerId as PeerId, via: lease.relays }
  }
}
