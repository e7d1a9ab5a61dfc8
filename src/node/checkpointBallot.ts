/**
 * The votes on one checkpoint that a node holds (CKPT-1): one for each voter, and one that
 * contradicts it, which is E11. Whatever a peer brings is checked before it is kept, so that a
 * ballot is never larger than its set.
 */
import { equalBytes } from '../core/base/bytes.ts'
import { aggregateVotes } from '../core/checkpoint/aggregate.ts'
import type { DrawSeed } from '../core/checkpoint/beaconDraw.ts'
import type { CheckpointEnv } from '../core/checkpoint/env.ts'
import {
  contentsEqual,
  postQuantumKeyHash,
  postQuantumMessage,
} from '../core/checkpoint/message.ts'
import { checkpointProtocol } from '../core/checkpoint/parameters.ts'
import { postQuantumDraw } from '../core/checkpoint/postQuantumDraw.ts'
import { voteIsSigned } from '../core/checkpoint/vote.ts'
import { indicesOf, bitmapOf } from '../core/base/bitmap.ts'
import { reachesThreshold, stakeAt, type VoterSet } from '../core/checkpoint/voterSet.ts'
import type {
  CheckpointAggregate,
  CheckpointContent,
  CheckpointVote,
  PostQuantumSignature,
} from '../core/codec/checkpoint.ts'
import { mlDsa87Verify } from '../core/crypto/mlDsa87.ts'

export interface DoubleVote {
  readonly key: Uint8Array
  readonly first: CheckpointVote
  readonly second: CheckpointVote
}

/** From whom ML-DSA-87 is due, if it is. */
export interface PostQuantumDue {
  readonly named: VoterSet
  readonly seed: DrawSeed
}

export class CheckpointBallot {
  readonly env: CheckpointEnv
  readonly content: CheckpointContent
  readonly due: PostQuantumDue | undefined
  readonly #drawn: ReadonlyMap<number, number>
  readonly #message: Uint8Array
  readonly #votes = new Map<number, CheckpointVote>()
  /** Validly signed, and on something else. */
  readonly #others = new Map<number, CheckpointVote>()
  readonly #postQuantum = new Map<number, PostQuantumSignature>()

  constructor(env: CheckpointEnv, content: CheckpointContent, due: PostQuantumDue | undefined) {
    this.env = env
    this.content = content
    this.due = due
    this.#drawn = due === undefined ? new Map() : postQuantumDraw(due.named, due.seed)
    const { chainId, set } = env
    this.#message = postQuantumMessage({ chainId, votersRoot: set.root, content })
  }

  /** What the vote shows together with one that is held; undefined in every other case. */
  addVote(vote: CheckpointVote): DoubleVote | undefined {
    const { voter, content } = vote
    if (content?.number !== this.content.number) return undefined
    const mine = contentsEqual(content, this.content) ? this.#votes : this.#others
    if (mine.has(voter) || !voteIsSigned(this.env, vote)) return undefined
    mine.set(voter, vote)
    const first = this.#votes.get(voter)
    const second = this.#others.get(voter)
    const key = this.env.set.voters[voter]?.key
    if (first === undefined || second === undefined || key === undefined) return undefined
    return { key, first, second }
  }

  addPostQuantum(shown: PostQuantumSignature): void {
    const { voter, publicKey, signature } = shown
    if (!this.#drawn.has(voter) || this.#postQuantum.has(voter)) return
    const registered = this.due?.named.voters[voter]?.postQuantumKeyHash
    if (registered === undefined) return
    if (!equalBytes(registered, postQuantumKeyHash(publicKey))) return
    if (mlDsa87Verify(signature, this.#message, publicKey)) this.#postQuantum.set(voter, shown)
  }

  /** What a drawn voter signs with ML-DSA-87; undefined for everybody else. */
  postQuantumMessageOf(voter: number): Uint8Array | undefined {
    const isOpen = this.#drawn.has(voter) && !this.#postQuantum.has(voter)
    return isOpen ? this.#message : undefined
  }

  /** Whether a voter may vote: nothing more is due, or enough of it is here. */
  get isReady(): boolean {
    if (this.due === undefined) return true
    let units = 0
    for (const voter of this.#postQuantum.keys()) units += this.#drawn.get(voter) ?? 0
    return units >= checkpointProtocol.postQuantumThreshold
  }

  has(voter: number): boolean {
    return this.#votes.has(voter)
  }

  /** Ascending, as a checkpoint carries them. */
  get postQuantum(): PostQuantumSignature[] {
    return [...this.#postQuantum.values()].toSorted((left, right) => left.voter - right.voter)
  }

  get heldVotes(): Uint8Array {
    return bitmapOf(this.env.set.voters.length, this.#votes.keys())
  }

  get heldPostQuantum(): Uint8Array {
    return bitmapOf(this.due?.named.voters.length ?? 0, this.#postQuantum.keys())
  }

  /** Votes that somebody with these bitmaps lacks, those that contradict with them. */
  lackedBy(heldVotes: Uint8Array, heldPostQuantum: Uint8Array): Lacked {
    const votes = new Set(indicesOf(this.env.set.voters.length, heldVotes) ?? [])
    const count = this.due?.named.voters.length ?? 0
    const signatures = new Set(indicesOf(count, heldPostQuantum) ?? [])
    return {
      votes: [
        ...[...this.#votes.values()].filter(({ voter }) => !votes.has(voter)),
        ...this.#others.values(),
      ],
      postQuantum: this.postQuantum.filter(({ voter }) => !signatures.has(voter)),
    }
  }

  /** Whether 2/3 of the stake are held. */
  get isDecided(): boolean {
    return reachesThreshold(this.env.set, stakeAt(this.env.set, this.#votes.keys()))
  }

  /** Of everybody who is held, once they are 2/3 of the stake. */
  aggregate(): CheckpointAggregate | undefined {
    if (!this.isDecided) return undefined
    const aggregate = aggregateVotes(this.env, [...this.#votes.values()])
    return aggregate.ok ? aggregate.value : undefined
  }
}

interface Lacked {
  readonly votes: CheckpointVote[]
  readonly postQuantum: PostQuantumSignature[]
}
