/**
 * A node's part in checkpoints (CKPT-1): it votes when the set names it, gathers the votes of
 * others, hands the certificate to its own proposals, and keeps what formed for those who follow.
 *
 * In a set of many voters single votes stay inside of their subnet and aggregates come by gossip;
 * in a small one there is one subnet, whose votes cross to each node. What a node lacks it asks of
 * one peer after the other with each final block, until the chain says that the number formed: who
 * was late, cut off or restarted has lost nothing.
 */
import { hex } from '../core/base/bytes.ts'
import { checkpointProtocol } from '../core/checkpoint/parameters.ts'
import type { VoterSet } from '../core/checkpoint/voterSet.ts'
import {
  CheckpointRequest,
  CheckpointResponse,
  type CheckpointContent,
  type CheckpointRecord,
} from '../core/codec/checkpoint.ts'
import { decodeStrict } from '../core/codec/strict.ts'
import type { BlsBackend } from '../core/crypto/bls.ts'
import { hasFormed, namedVoters, votingSet } from '../core/ledger/checkpoints.ts'
import { readSingle, type LedgerState } from '../core/ledger/state.ts'
import { checkpointRecord } from '../core/ledger/tables.ts'
import type { Clock } from '../ports/clock.ts'
import { StoreFailure } from '../ports/store.ts'
import type { GossipMessage, PeerId, Verdict } from '../ports/transport.ts'
import { CheckpointBallot } from './checkpointBallot.ts'
import { accuse } from './checkpoints/accuse.ts'
import { AggregateDesk } from './checkpoints/aggregateDesk.ts'
import { Fetching } from './checkpoints/fetching.ts'
import type { CheckpointHost, GatheringPolicy } from './checkpoints/host.ts'
import { keepFormed } from './checkpoints/keepFormed.ts'
import { Offering } from './checkpoints/offering.ts'
import { OwnVotes } from './checkpoints/ownVotes.ts'
import { postQuantumDue } from './checkpoints/postQuantumDue.ts'
import { SubnetPart } from './checkpoints/subnetPart.ts'
import { showFormed } from './checkpointServe.ts'
import { CheckpointShelf } from './checkpointShelf.ts'
import { decodeKeys } from './decodeKeys.ts'
import { SerialQueue } from './serialQueue.ts'

/** Bitmaps over 10,000 voters, twice, and a vote. */
const requestBytesMax = 4096

/** With slices of 12 ms: a twentieth of a tab's thread. */
const decodePauseMs = 250

/** Three rounds of the aggregators' turns before everybody is asked for everything. */
export const gatheringDefaults: GatheringPolicy = {
  subnets: checkpointProtocol.subnets,
  subnetAggregators: checkpointProtocol.subnetAggregators,
  firstTurnBlocks: 4,
  fallbackBlocks: 32,
}

interface Around {
  readonly bls: BlsBackend
  readonly clock: Clock
  readonly gathering?: GatheringPolicy
}

/** Every node has one; it lives as long as the events of the node. */
export function withCheckpoints<T extends CheckpointHost>(node: T, around: Around): T {
  const desk = new CheckpointDesk(node, around)
  node.events.on((event) => {
    if (event.type === 'final' || event.type === 'epoch') desk.look()
  })
  node.onAggregate = (message) => desk.judge(message)
  node.transport.onRequest('checkpoint', (peer, bytes) => desk.answer(peer, bytes))
  return node
}

/** What is done about one number. */
interface Vote {
  readonly ballot: CheckpointBallot
  readonly part: SubnetPart
  /** The formed checkpoint that named the voters. */
  readonly above: number | undefined
}

class CheckpointDesk {
  readonly #node: CheckpointHost
  readonly #bls: BlsBackend
  readonly #clock: Clock
  readonly #policy: GatheringPolicy
  readonly #shelf: CheckpointShelf
  readonly #own: OwnVotes
  readonly #aggregates: AggregateDesk
  readonly #offering: Offering
  readonly #fetching: Fetching
  readonly #queue: SerialQueue
  #vote: Vote | undefined
  /** Root of the set whose keys were decoded ahead. */
  #decoded: string | undefined
  /** The newest number that formed and is stored. */
  #kept: number | undefined
  #isWaiting = false

  constructor(node: CheckpointHost, { bls, clock, gathering = gatheringDefaults }: Around) {
    this.#node = node
    this.#bls = bls
    this.#clock = clock
    this.#policy = gathering
    this.#shelf = new CheckpointShelf(node.chain.store)
    this.#own = new OwnVotes(node)
    this.#aggregates = new AggregateDesk(node)
    this.#offering = new Offering(node)
    this.#fetching = new Fetching(node.transport)
    this.#queue = new SerialQueue((error) => {
      // A node that was stopped has closed its store.
      const isClosed = error instanceof StoreFailure && error.detail.code === 'STORAGE_UNAVAILABLE'
      if (!isClosed) node.events.emit({ type: 'failure', error })
    })
  }

  /** Looks at the tip once more, when what is under way is done. */
  look(): void {
    if (this.#isWaiting) return
    this.#isWaiting = true
    this.#queue.push(async () => {
      this.#isWaiting = false
      await this.#look(this.#node.chain.tip.state)
    })
  }

  async #look(state: LedgerState): Promise<void> {
    // FORK-1, RECOVER-1: of what is final here alone nothing is voted on, gathered or shown.
    if (this.#node.mayAct.stopped !== undefined) {
      this.#vote = undefined
      return
    }
    const record = readSingle(state, checkpointRecord)
    const { content, formed } = record
    if (formed !== undefined) await this.#keep(state, record, formed)
    this.#decodeAhead(namedVoters(state))
    if (content === undefined || this.#node.isSyncing) return
    const vote = hasFormed(record) ? this.#vote : this.#voteOn(state, record, content)
    if (vote?.ballot.content.number !== content.number) return
    await this.#gather(vote, hasFormed(record))
    accuse(this.#node, vote.ballot)
  }

  async #gather({ ballot, part }: Vote, isOver: boolean): Promise<void> {
    const { height } = this.#node.chain.tip
    if (!isOver) {
      await this.#own.castIn(ballot)
      part.look(height)
    }
    // Who signed another content may have shown it to others alone (E11): each peer is asked.
    const singlesOf = part.singlesOf(height)
    await this.#fetching.next(ballot, { singlesOf, onlyNewPeers: isOver })
    if (isOver) return
    await this.#own.castIn(ballot)
    await this.#offering.look(ballot, this.#own.placeIn(ballot.env.set))
  }

  /** Long before the votes on the next number: a set of 10,000 is nine seconds' work in a tab. */
  #decodeAhead(set: VoterSet | undefined): void {
    const root = set && hex(set.root)
    if (set === undefined || root === this.#decoded) return
    this.#decoded = root
    const keys = set.voters.map(({ key }) => key)
    void decodeKeys(keys, { bls: this.#bls, clock: this.#clock, pauseMs: decodePauseMs })
  }

  /** On the number that may form now. */
  #voteOn(
    state: LedgerState,
    record: CheckpointRecord,
    content: CheckpointContent,
  ): Vote | undefined {
    const known = this.#vote?.ballot.content.number === content.number ? this.#vote : undefined
    const set = known?.ballot.env.set ?? votingSet(state)
    if (set === undefined) return undefined
    const voter = this.#own.placeIn(set)
    if (known !== undefined && known.part.voter === voter) return known
    const env = { chainId: this.#node.chain.chainId, set, bls: this.#bls }
    const around = { due: postQuantumDue(state, record), layout: this.#policy }
    const ballot = known?.ballot ?? new CheckpointBallot(env, content, around)
    const part = new SubnetPart({ node: this.#node, ballot, policy: this.#policy, voter })
    if (known === undefined) this.#aggregates.follow(ballot)
    this.#vote = { ballot, part, above: record.formed?.number }
    return this.#vote
  }

  async #keep(state: LedgerState, record: CheckpointRecord, content: CheckpointContent) {
    if (this.#kept === content.number) return
    this.#kept = content.number
    const { ballot, above } = this.#vote ?? {}
    await keepFormed(this.#shelf, state, { record, content, ballot, above })
    const newest = await this.#shelf.newest()
    if (newest === content.number) this.#node.events.emit({ type: 'checkpoint', content })
  }

  /** An aggregate by gossip. */
  judge(message: GossipMessage): Verdict {
    const { verdict, added } = this.#aggregates.judge(message)
    if (added === 'kept' && this.#vote !== undefined) accuse(this.#node, this.#vote.ballot)
    return verdict
  }

  async answer(peer: PeerId, bytes: Uint8Array): Promise<Uint8Array> {
    const request = decodeStrict(CheckpointRequest, bytes, requestBytesMax)
    if (!request.ok) {
      this.#node.transport.penalise(peer, request.error.code)
      return CheckpointResponse.encode({})
    }
    const { votesOn, vote } = request.value
    if (votesOn === 0) {
      const { chain } = this.#node
      return CheckpointResponse.encode(await showFormed(chain, this.#shelf, request.value))
    }
    const mine = this.#vote?.ballot.content.number === votesOn ? this.#vote : undefined
    if (vote !== undefined) {
      return CheckpointResponse.encode({ taken: mine?.part.take(peer, vote) === true })
    }
    return CheckpointResponse.encode(mine?.ballot.lackedBy(request.value) ?? {})
  }
}
