/**
 * The votes on one checkpoint that a node holds (CKPT-1): the single votes of its own subnet, or of
 * all where there is one, and an aggregate of each subnet. Whatever a peer brings is checked before
 * it is kept, so that a ballot is never larger than its set; what contradicts is kept for E11.
 */
import { bitmapOf, indicesOf } from '../core/base/bitmap.ts'
import { equalBytes } from '../core/base/bytes.ts'
import { aggregateVotes, verifyAggregate } from '../core/checkpoint/aggregate.ts'
import type { CheckpointEnv } from '../core/checkpoint/env.ts'
import { mergeAggregates } from '../core/checkpoint/mergeAggregates.ts'
import { contentsEqual } from '../core/checkpoint/message.ts'
import type { SubnetLayout } from '../core/checkpoint/parameters.ts'
import { readSubnetAggregate, writeSubnetAggregate } from '../core/checkpoint/subnetAggregate.ts'
import { planSubnets, type SubnetPlan } from '../core/checkpoint/subnetPlan.ts'
import { voteIsSigned } from '../core/checkpoint/vote.ts'
import { reachesThreshold, stakeAt } from '../core/checkpoint/voterSet.ts'
import type {
  CheckpointAggregate,
  CheckpointContent,
  CheckpointRequest,
  CheckpointResponse,
  CheckpointVote,
  SubnetAggregate,
} from '../core/codec/checkpoint.ts'
import { doublesAmong, type DoubleVote } from './checkpoints/doubles.ts'
import type { HeldAggregate } from './checkpoints/heldAggregate.ts'
import { PostQuantumBallot, type PostQuantumDue } from './checkpoints/postQuantumBallot.ts'

/** `stray`: of something else, which is nobody's fault. */
export type Added = 'kept' | 'known' | 'stray' | 'invalid'

/** Aggregates of a subnet on other contents; those on top convict somebody each. */
const contraryMax = 2

/** Single votes of either kind in one answer: 80 kB, and half a second's work with native code. */
export const singlesMax = 256

export class CheckpointBallot {
  readonly env: CheckpointEnv
  readonly content: CheckpointContent
  readonly plan: SubnetPlan
  readonly postQuantum: PostQuantumBallot
  readonly #votes = new Map<number, CheckpointVote>()
  /** Validly signed, and on something else. */
  readonly #others = new Map<number, CheckpointVote>()
  /** Of each subnet the one that counts most. */
  readonly #best = new Map<number, HeldAggregate>()
  readonly #contrary = new Map<number, HeldAggregate[]>()

  constructor(
    env: CheckpointEnv,
    content: CheckpointContent,
    around: { readonly due: PostQuantumDue | undefined; readonly layout: SubnetLayout },
  ) {
    this.env = env
    this.content = content
    this.postQuantum = new PostQuantumBallot(env, content, around.due)
    const seed = { beacon: content.beacon, number: content.number }
    this.plan = planSubnets(env.set, seed, around.layout)
  }

  addVote(vote: CheckpointVote): Added {
    const { voter, content } = vote
    if (content?.number !== this.content.number) return 'stray'
    const isMine = this.isOnContent(vote)
    const same = isMine ? this.#votes : this.#others
    if (same.has(voter)) return 'known'
    // Another content may belong to another set, in which this voter is somebody else.
    if (!voteIsSigned(this.env, vote)) return isMine ? 'invalid' : 'stray'
    same.set(voter, vote)
    return 'kept'
  }

  addAggregate(shown: SubnetAggregate): Added {
    const { content, votersRoot, subnet } = shown
    if (content?.number !== this.content.number) return 'stray'
    if (!equalBytes(votersRoot, this.env.set.root)) return 'stray'
    const read = readSubnetAggregate(this.env, this.plan, shown)
    if (!read.ok) return 'invalid'
    const aggregate = read.value
    const voters = indicesOf(this.env.set.voters.length, aggregate.voters) ?? []
    const held = { shown, aggregate, voters }
    const isMine = contentsEqual(content, this.content)
    // Known before anything is verified: copies and what adds nothing cost no pairing.
    const isWanted = isMine ? this.#adds(subnet, voters) : this.#isNewContrary(held)
    if (!isWanted) return 'known'
    if (!verifyAggregate(this.env, aggregate).ok) return 'invalid'
    if (isMine) this.#best.set(subnet, held)
    else this.#contrary.set(subnet, [...(this.#contrary.get(subnet) ?? []), held])
    return 'kept'
  }

  /** Everything that is held of a subnet as one; undefined where its aggregate has all of it. */
  aggregateOf(subnet: number): SubnetAggregate | undefined {
    const singles = this.#outside(subnet)
    if (singles.length === 0) return undefined
    const own = aggregateVotes(this.env, singles)
    if (!own.ok) return undefined
    const best = this.#best.get(subnet)?.aggregate
    const merged = mergeAggregates(this.env, best === undefined ? [own.value] : [best, own.value])
    if (!merged.ok) return undefined
    const members = this.plan.members[subnet] ?? []
    return writeSubnetAggregate(this.env, members, { subnet, aggregate: merged.value.aggregate })
  }

  isOnContent({ content }: CheckpointVote): boolean {
    return content !== undefined && contentsEqual(content, this.content)
  }

  has(voter: number): boolean {
    return this.#votes.has(voter)
  }

  voteOf(voter: number): CheckpointVote | undefined {
    return this.#votes.get(voter)
  }

  /** Whether others count this voter by an aggregate that was sent on. */
  isAggregated(voter: number): boolean {
    return this.#best.get(this.plan.subnetOf(voter))?.voters.includes(voter) === true
  }

  get heldVotes(): Uint8Array {
    return bitmapOf(this.env.set.voters.length, this.#counted())
  }

  /** What somebody who asks so lacks, and what contradicts. */
  lackedBy({ heldVotes, heldPostQuantum, singlesOf }: CheckpointRequest): Lacked {
    const held = new Set(indicesOf(this.env.set.voters.length, heldVotes) ?? [])
    const asked = new Set(indicesOf(this.plan.members.length, singlesOf) ?? [])
    const isAsked = ({ voter }: CheckpointVote): boolean =>
      asked.has(this.plan.subnetOf(voter)) && !held.has(voter)
    const lacked = [...this.#best.values()].filter(({ voters }) =>
      voters.some((voter) => !held.has(voter)),
    )
    const aggregates = [...lacked, ...[...this.#contrary.values()].flat()]
    return {
      aggregates: aggregates.map(({ shown }) => shown),
      votes: [
        ...[...this.#votes.values()].filter(isAsked).slice(0, singlesMax),
        ...[...this.#others.values()].slice(0, singlesMax),
      ],
      postQuantum: this.postQuantum.lackedBy(heldPostQuantum),
    }
  }

  /** Whether 2/3 of the stake are held. */
  get isDecided(): boolean {
    return reachesThreshold(this.env.set, stakeAt(this.env.set, this.#counted()))
  }

  /** Of everybody who is held, once they are 2/3 of the stake. */
  aggregate(): CheckpointAggregate | undefined {
    if (!this.isDecided) return undefined
    const singles = [...this.plan.members.keys()].flatMap((subnet) => this.#outside(subnet))
    const own = aggregateVotes(this.env, singles)
    const parts = [...this.#best.values()].map(({ aggregate }) => aggregate)
    const merged = mergeAggregates(this.env, own.ok ? [...parts, own.value] : parts)
    return merged.ok ? merged.value.aggregate : undefined
  }

  /** Who signed two contents, as far as it shows here (E11). */
  doubles(): readonly DoubleVote[] {
    if (this.#others.size === 0 && this.#contrary.size === 0) return []
    const { plan } = this
    return doublesAmong([...plan.members.keys()], {
      votes: (subnet) => inSubnet(this.#votes, plan, subnet),
      others: (subnet) => inSubnet(this.#others, plan, subnet),
      best: (subnet) => this.#best.get(subnet),
      contrary: (subnet) => this.#contrary.get(subnet) ?? [],
    })
  }

  #counted(): Set<number> {
    const counted = new Set(this.#votes.keys())
    for (const { voters } of this.#best.values()) for (const voter of voters) counted.add(voter)
    return counted
  }

  /** Single votes of a subnet that its aggregate does not have. */
  #outside(subnet: number): readonly CheckpointVote[] {
    const inside = new Set(this.#best.get(subnet)?.voters)
    return inSubnet(this.#votes, this.plan, subnet).filter(({ voter }) => !inside.has(voter))
  }

  /** Whether more stake counts with this aggregate than with the one that is held. */
  #adds(subnet: number, voters: readonly number[]): boolean {
    const singles = inSubnet(this.#votes, this.plan, subnet).map(({ voter }) => voter)
    const { set } = this.env
    const before = this.#best.get(subnet)?.voters ?? []
    const stakeWith = (counted: readonly number[]): bigint =>
      stakeAt(set, new Set([...counted, ...singles]))
    const gain = stakeWith(voters) - stakeWith(before)
    // What has no other form yet is kept even where its votes are here one by one.
    return gain > 0n || (gain === 0n && stakeAt(set, voters) > stakeAt(set, before))
  }

  /** Those that accuse nobody take no room from one that accuses somebody else than the others. */
  #isNewContrary({ shown, voters }: HeldAggregate): boolean {
    const held = this.#contrary.get(shown.subnet) ?? []
    const fresh = voters.filter((voter) => !held.some((one) => one.voters.includes(voter)))
    if (fresh.length === 0) return false
    if (held.length < contraryMax) return true
    const best = this.#best.get(shown.subnet)?.voters ?? []
    return fresh.some((voter) => this.#votes.has(voter) || best.includes(voter))
  }
}

function inSubnet(
  votes: ReadonlyMap<number, CheckpointVote>,
  plan: SubnetPlan,
  subnet: number,
): readonly CheckpointVote[] {
  return (plan.members[subnet] ?? []).flatMap((voter) => votes.get(voter) ?? [])
}

type Lacked = Pick<CheckpointResponse, 'votes' | 'postQuantum' | 'aggregates'>
