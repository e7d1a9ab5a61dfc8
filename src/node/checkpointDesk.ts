/**
 * A node's part in checkpoints (CKPT-1): it votes when the set names it, fetches the votes of
 * others, hands the certificate to its own proposals, and keeps what formed for those who follow.
 *
 * Votes are fetched by what is missing, from one peer after the other with each final block, until
 * the chain says that the number formed: who was late, cut off or restarted has lost nothing.
 */
import { hex, mapKey } from '../core/base/bytes.ts'
import { castVote } from '../core/checkpoint/vote.ts'
import {
  Checkpoint,
  CheckpointContent,
  CheckpointRequest,
  CheckpointResponse,
  SignedCheckpoint,
  type CheckpointRecord,
  type CheckpointVote,
} from '../core/codec/checkpoint.ts'
import type { Transaction } from '../core/codec/chain.ts'
import { decodeStrict } from '../core/codec/strict.ts'
import type { BlsBackend } from '../core/crypto/bls.ts'
import type { VoterSet } from '../core/checkpoint/voterSet.ts'
import {
  hasFormed,
  namedVoters,
  needsPostQuantum,
  postQuantumVoters,
  votingSet,
} from '../core/ledger/checkpoints.ts'
import { readSingle, type LedgerState } from '../core/ledger/state.ts'
import { checkpointRecord, parameters } from '../core/ledger/tables.ts'
import { encodeTransaction } from '../core/ledger/transactionBytes.ts'
import type { Clock } from '../ports/clock.ts'
import type { EpochKey, Signer } from '../ports/signer.ts'
import { StoreFailure } from '../ports/store.ts'
import type { PeerId, Transport } from '../ports/transport.ts'
import type { Chain } from './chain.ts'
import { CheckpointBallot, type DoubleVote, type PostQuantumDue } from './checkpointBallot.ts'
import { showFormed } from './checkpointServe.ts'
import { CheckpointShelf } from './checkpointShelf.ts'
import { decodeKeys } from './decodeKeys.ts'
import { committeeOf, runningEpoch } from './epochEnv.ts'
import type { Mempool } from './mempool.ts'
import type { NodeEvents } from './nodeEvents.ts'
import { ask } from './peerFailure.ts'
import { SerialQueue } from './serialQueue.ts'

/** What it needs of its node. */
interface Host {
  readonly chain: Chain
  readonly events: NodeEvents
  readonly mempool: Pick<Mempool, 'candidates'>
  readonly signer: Signer | undefined
  readonly transport: Transport
  readonly isSyncing: boolean
  nowMs(): number
  submit(bytes: Uint8Array): Promise<unknown>
}

const none = new Uint8Array(0)

/** Bitmaps over 10,000 voters, twice. */
const requestBytesMax = 4096

/** Who is not among the first voters in turn offers a certificate with the last of them. */
const ranksMax = 8

/** With slices of 12 ms: a twentieth of a tab's thread. */
const decodePauseMs = 250

/** Every node has one; it lives as long as the events of the node. */
export function withCheckpoints<T extends Host>(
  node: T,
  { bls, clock }: { readonly bls: BlsBackend; readonly clock: Clock },
): T {
  const desk = new CheckpointDesk(node, bls, clock)
  node.events.on((event) => {
    if (event.type === 'final' || event.type === 'epoch') desk.look()
  })
  node.transport.onRequest('checkpoint', (peer, bytes) => desk.answer(peer, bytes))
  return node
}

class CheckpointDesk {
  readonly #node: Host
  readonly #bls: BlsBackend
  readonly #clock: Clock
  readonly #shelf: CheckpointShelf
  readonly #queue: SerialQueue
  #ballot: CheckpointBallot | undefined
  /** The formed checkpoint that named the voters of the ballot. */
  #above: number | undefined
  /** Final blocks since the votes of the ballot were enough. */
  #waited = 0
  /** Root of the set whose keys were decoded ahead. */
  #decoded: string | undefined
  /** The newest number that formed and is stored. */
  #kept: number | undefined
  /** Peers are asked in turn. */
  #turn = 0
  /** About the number of the ballot. */
  readonly #asked = new Set<PeerId>()
  #isWaiting = false

  constructor(node: Host, bls: BlsBackend, clock: Clock) {
    this.#node = node
    this.#bls = bls
    this.#clock = clock
    this.#shelf = new CheckpointShelf(node.chain.store)
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
    const record = readSingle(state, checkpointRecord)
    const { content, formed } = record
    if (formed !== undefined) await this.#keep(state, record, formed)
    this.#decodeAhead(namedVoters(state))
    if (content === undefined || this.#node.isSyncing) return
    if (hasFormed(record)) {
      // Who signed another content may have shown it to others alone (E11): each peer is asked.
      if (this.#ballot?.content.number === content.number) await this.#fetch(this.#ballot, true)
      return
    }
    const ballot = this.#ballotOf(state, record, content)
    if (ballot === undefined) return
    await this.#vote(ballot)
    await this.#fetch(ballot, false)
    await this.#vote(ballot)
    await this.#offer(ballot)
  }

  /** Long before the votes on the next number: a set of 10,000 is nine seconds' work in a tab. */
  #decodeAhead(set: VoterSet | undefined): void {
    const root = set && hex(set.root)
    if (set === undefined || root === this.#decoded) return
    this.#decoded = root
    const keys = set.voters.map(({ key }) => key)
    void decodeKeys(keys, { bls: this.#bls, clock: this.#clock, pauseMs: decodePauseMs })
  }

  /** Of the number that may form now. */
  #ballotOf(
    state: LedgerState,
    record: CheckpointRecord,
    content: CheckpointContent,
  ): CheckpointBallot | undefined {
    if (this.#ballot?.content.number === content.number) return this.#ballot
    const set = votingSet(state)
    if (set === undefined) return undefined
    const env = { chainId: this.#node.chain.chainId, set, bls: this.#bls }
    this.#ballot = new CheckpointBallot(env, content, dueOf(state, record))
    this.#above = record.formed?.number
    this.#asked.clear()
    this.#waited = 0
    return this.#ballot
  }

  async #vote(ballot: CheckpointBallot): Promise<void> {
    await this.#signPostQuantum(ballot)
    const { env, content } = ballot
    const voter = this.#placeIn(env.set)
    if (voter === undefined || ballot.has(voter) || !ballot.isReady) return
    const key = await this.#keyOf(env.set, voter)
    if (key === undefined || !(await this.#note(key, content))) return
    this.#add(ballot, castVote(env, content, { voter, sign: (message) => key.sign(message) }))
  }

  async #signPostQuantum(ballot: CheckpointBallot): Promise<void> {
    const named = ballot.due?.named
    const voter = named && this.#placeIn(named)
    const message = voter === undefined ? undefined : ballot.postQuantumMessageOf(voter)
    if (named === undefined || voter === undefined || message === undefined) return
    const keys = (await this.#keyOf(named, voter))?.postQuantum()
    if (keys === undefined) return
    const { publicKey } = keys
    ballot.addPostQuantum({ voter, publicKey, signature: keys.sign(message) })
  }

  #placeIn(set: VoterSet): number | undefined {
    const { signer } = this.#node
    if (signer === undefined) return undefined
    const own = mapKey(signer.identity)
    const place = set.voters.findIndex(({ account }) => mapKey(account) === own)
    return place < 0 ? undefined : place
  }

  /** The key under which the set knows this validator, when this device has it. */
  async #keyOf(set: VoterSet, voter: number): Promise<EpochKey | undefined> {
    const { key } = set.voters[voter] ?? { key: none }
    const opened = await this.#node.signer?.openEpochKey(hex(key))
    return opened?.ok === true ? opened.value : undefined
  }

  /** BFT-10: one content for a number, ever, and durable before the vote is made. */
  async #note({ slot }: EpochKey, content: CheckpointContent): Promise<boolean> {
    const { store } = this.#node.chain
    const record = CheckpointContent.encode(content)
    const stored = await store.readSafety(slot)
    if (stored !== undefined && stored.sequence >= content.number) {
      return hex(stored.record) === hex(record)
    }
    await store.writeSafety({ slot, sequence: content.number, record, pending: [] })
    return true
  }

  /** From the next peer in turn; once a number has formed only from those never asked about it. */
  async #fetch(ballot: CheckpointBallot, onlyNew: boolean): Promise<void> {
    const { transport } = this.#node
    const all = transport.peers().map(({ peer }) => peer)
    const peers = onlyNew ? all.filter((peer) => !this.#asked.has(peer)) : all
    const peer = peers[this.#turn % Math.max(1, peers.length)]
    this.#turn += 1
    if (peer === undefined) return
    this.#asked.add(peer)
    const { heldVotes, heldPostQuantum, content } = ballot
    const bytes = CheckpointRequest.encode({
      above: 0,
      votesOn: content.number,
      heldVotes,
      heldPostQuantum,
    })
    const answer = await ask(transport, peer, {
      protocol: 'checkpoint',
      bytes,
      codec: CheckpointResponse,
    })
    if (!answer.ok) {
      if (answer.error.isPeerFault) transport.penalise(peer, answer.error.code)
      return
    }
    for (const signature of answer.value.postQuantum) ballot.addPostQuantum(signature)
    for (const vote of answer.value.votes) this.#add(ballot, vote)
  }

  #add(ballot: CheckpointBallot, vote: CheckpointVote): void {
    const double = ballot.addVote(vote)
    if (double !== undefined) void this.#node.submit(this.#accusation(ballot, double))
  }

  /** E11. */
  #accusation({ env }: CheckpointBallot, { key, first, second }: DoubleVote): Uint8Array {
    const signed = ({ content, signature }: CheckpointVote): Uint8Array =>
      SignedCheckpoint.encode({ votersRoot: env.set.root, ...(content && { content }), signature })
    const doubleCheckpoint = { key, first: signed(first), second: signed(second) }
    return this.#unsigned({ doubleCheckpoint })
  }

  /**
   * One certificate for everybody, so that it is verified once and before any block has it: voters
   * offer in turn, each a final block after the one before, until one waits or is in the chain.
   */
  async #offer(ballot: CheckpointBallot): Promise<void> {
    if (!ballot.isDecided || this.#isOffered(ballot)) return
    this.#waited += 1
    if (this.#waited <= this.#rankIn(ballot)) return
    const aggregate = ballot.aggregate()
    if (aggregate === undefined) return
    const { voters, signature } = aggregate
    const checkpoint = { number: ballot.content.number, voters, signature }
    await this.#node.submit(this.#unsigned({ checkpoint }))
  }

  #isOffered({ content: { number } }: CheckpointBallot): boolean {
    return this.#node.mempool
      .candidates()
      .some(({ transaction }) => transaction.checkpoint?.number === number)
  }

  #rankIn({ env: { set }, content: { number } }: CheckpointBallot): number {
    const count = set.voters.length
    const place = this.#placeIn(set) ?? count
    return place === count
      ? ranksMax
      : Math.min(ranksMax, (place + count - (number % count)) % count)
  }

  #unsigned(payload: Partial<Transaction>): Uint8Array {
    const { chainId, tip } = this.#node.chain
    const transaction: Transaction = {
      chainId,
      sender: none,
      nonce: 0,
      expiryEpoch: runningEpoch(tip.state),
      feeMaxMicro: 0n,
      ...payload,
    }
    return encodeTransaction(transaction, () => none)
  }

  /** Stores what formed, once. */
  async #keep(state: LedgerState, record: CheckpointRecord, content: CheckpointContent) {
    if (this.#kept === content.number) return
    this.#kept = content.number
    await this.#keepNamed(state, content)
    const newest = await this.#shelf.newest()
    if (newest !== undefined && newest >= content.number) return
    const ballot = this.#ballot?.content.number === content.number ? this.#ballot : undefined
    const { formedLeft: left, formedVoters: voters, formedSignature: signature } = record
    const isDue = record.postQuantum?.number === content.number && signature.length > 0
    // Who was not there when it formed may lack what the chain does not hold, or what it follows.
    const isWhole = signature.length > 0 && (!isDue || ballot?.isReady === true)
    const postQuantum = ballot?.due === undefined ? [] : ballot.postQuantum
    const { number } = content
    if (ballot !== undefined && isWhole && this.#above !== undefined) {
      const checkpoint = { content, left, voters, signature, postQuantum }
      await this.#shelf.putFormed(number, Checkpoint.encode(checkpoint), this.#above)
    }
    await this.#shelf.moveTo(number)
    this.#node.events.emit({ type: 'checkpoint', content })
  }

  /** What somebody who begins at this number needs; who followed checkpoints to it lacks this. */
  async #keepNamed(state: LedgerState, { number, epoch }: CheckpointContent): Promise<void> {
    const named = namedVoters(state)
    const committee = committeeOf(state, epoch)
    if (named !== undefined) await this.#shelf.putNamed(number, named)
    if (committee !== undefined) await this.#shelf.putCommittee(number, committee)
  }

  async answer(peer: PeerId, bytes: Uint8Array): Promise<Uint8Array> {
    const request = decodeStrict(CheckpointRequest, bytes, requestBytesMax)
    if (!request.ok) {
      this.#node.transport.penalise(peer, request.error.code)
      return CheckpointResponse.encode({})
    }
    const { votesOn, heldVotes, heldPostQuantum } = request.value
    if (votesOn > 0) {
      const ballot = this.#ballot?.content.number === votesOn ? this.#ballot : undefined
      return CheckpointResponse.encode(ballot?.lackedBy(heldVotes, heldPostQuantum) ?? {})
    }
    return CheckpointResponse.encode(await showFormed(this.#node.chain, this.#shelf, request.value))
  }
}

function dueOf(state: LedgerState, record: CheckpointRecord): PostQuantumDue | undefined {
  const named = postQuantumVoters(state)
  const { postQuantum, content } = record
  if (!needsPostQuantum(record, readSingle(state, parameters))) return undefined
  if (named === undefined || postQuantum === undefined || content === undefined) return undefined
  return { named, seed: { beacon: postQuantum.beacon, number: content.number } }
}
