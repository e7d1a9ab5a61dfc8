/**
 * Voters who signed two contents for one number (E11), among single votes and aggregates. Both
 * sides were verified when they came.
 */
import { listDoubleSigners } from '../../core/checkpoint/doubleSigners.ts'
import type { VoterSet } from '../../core/checkpoint/voterSet.ts'
import type { DoubleCheckpoint } from '../../core/codec/chain.ts'
import {
  SignedCheckpoint,
  type CheckpointContent,
  type CheckpointVote,
} from '../../core/codec/checkpoint.ts'
import type { HeldAggregate } from './heldAggregate.ts'

/** One signature, and who is in it. */
interface Side {
  readonly content: CheckpointContent
  readonly signature: Uint8Array
  readonly voters: readonly number[]
}

export interface DoubleVote {
  readonly first: Side
  readonly second: Side
}

interface Held {
  votes(subnet: number): readonly CheckpointVote[]
  others(subnet: number): readonly CheckpointVote[]
  best(subnet: number): HeldAggregate | undefined
  contrary(subnet: number): readonly HeldAggregate[]
}

const none = new Uint8Array(0)

export function doublesAmong(subnets: readonly number[], held: Held): readonly DoubleVote[] {
  return subnets.flatMap((subnet) => {
    const second = [...held.others(subnet).flatMap(sideOfVote), ...sidesOf(held.contrary(subnet))]
    if (second.length === 0) return []
    const best = held.best(subnet)
    const first = [
      ...held.votes(subnet).flatMap(sideOfVote),
      ...sidesOf(best === undefined ? [] : [best]),
    ]
    return second.flatMap((other) => contradictedBy(first, other))
  })
}

/** Each voter once: of a single vote by another one where there is one, of an aggregate by many. */
function contradictedBy(first: readonly Side[], second: Side): readonly DoubleVote[] {
  const open = new Set(second.voters)
  const doubles: DoubleVote[] = []
  const ordered = first.toSorted((left, right) =>
    second.voters.length === 1
      ? left.voters.length - right.voters.length
      : right.voters.length - left.voters.length,
  )
  for (const side of ordered) {
    const both = side.voters.filter((voter) => open.has(voter))
    if (both.length === 0) continue
    for (const voter of both) open.delete(voter)
    doubles.push({ first: side, second })
  }
  return doubles
}

/** The accusation; undefined where the set does not know the voters. */
export function accusationOf(
  set: Pick<VoterSet, 'voters' | 'root'>,
  { first, second }: DoubleVote,
): DoubleCheckpoint | undefined {
  const keysOf = ({ voters }: Side): readonly Uint8Array[] =>
    voters.flatMap((voter) => set.voters[voter]?.key ?? [])
  const signed = ({ content, signature }: Side): Uint8Array =>
    SignedCheckpoint.encode({ votersRoot: set.root, content, signature })
  const both = { first: signed(first), second: signed(second) }
  const [key] = keysOf(first)
  if (key === undefined) return undefined
  if (first.voters.length === 1 && second.voters.length === 1) {
    return { key, ...both, keys: none, firstVoters: none, secondVoters: none }
  }
  const listed = listDoubleSigners(keysOf(first), keysOf(second))
  return listed && { ...listed, ...both }
}

function sideOfVote({ content, signature, voter }: CheckpointVote): readonly Side[] {
  return content === undefined ? [] : [{ content, signature, voters: [voter] }]
}

function sidesOf(held: readonly HeldAggregate[]): readonly Side[] {
  return held.flatMap(({ aggregate: { content, signature }, voters }) =>
    content === undefined ? [] : [{ content, signature, voters }],
  )
}
