/**
 * Aggregates of equal votes with a bitmap over the set, so that every signer can be named (CKPT-1,
 * SIG-1): what an aggregator of a subnet sends on, and what a checkpoint carries.
 */
import { err, ok, type Result } from '../base/result.ts'
import type { CheckpointAggregate, CheckpointVote } from '../codec/checkpoint.ts'
import type { CheckpointEnv } from './env.ts'
import { checkpointMessage, contentIsShaped, contentsEqual } from './message.ts'
import { indicesOf, bitmapOf } from '../base/bitmap.ts'

export type AggregateError =
  /** Nothing to aggregate. */
  | { readonly code: 'AGGREGATE_EMPTY' }
  /** Not all on one content, or one with a field of a wrong length. */
  | { readonly code: 'AGGREGATE_CONTENT' }
  /** A bitmap that is not canonical, or of nobody; or an index above the set. */
  | { readonly code: 'AGGREGATE_BITMAP' }
  /** A voter who counts for another subnet. */
  | { readonly code: 'AGGREGATE_SUBNET'; readonly voter: number }
  /** Two votes of one voter. */
  | { readonly code: 'AGGREGATE_TWICE'; readonly voter: number }
  /** A signature that is none, or not by these voters on this content, set and chain. */
  | { readonly code: 'AGGREGATE_SIGNATURE' }

/** Of votes that were verified one by one; their order does not matter. */
export function aggregateVotes(
  env: CheckpointEnv,
  votes: readonly CheckpointVote[],
): Result<CheckpointAggregate, AggregateError> {
  const content = votes[0]?.content
  if (votes.length === 0) return err({ code: 'AGGREGATE_EMPTY' })
  if (!contentIsShaped(content)) return err({ code: 'AGGREGATE_CONTENT' })
  const seen = new Set<number>()
  for (const vote of votes) {
    if (vote.content === undefined || !contentsEqual(vote.content, content)) {
      return err({ code: 'AGGREGATE_CONTENT' })
    }
    if (env.set.voters[vote.voter] === undefined) return err({ code: 'AGGREGATE_BITMAP' })
    if (seen.has(vote.voter)) return err({ code: 'AGGREGATE_TWICE', voter: vote.voter })
    seen.add(vote.voter)
  }
  const ordered = votes.toSorted((left, right) => left.voter - right.voter)
  const signature = env.bls.aggregateSignatures(ordered.map((vote) => vote.signature))
  if (signature === undefined) return err({ code: 'AGGREGATE_SIGNATURE' })
  return ok({ content, voters: bitmapOf(env.set.voters.length, seen), signature })
}

/**
 * The voters of an aggregate that somebody brings, ascending. `members` are those of the sender's
 * subnet; without them any voter of the set counts.
 */
export function verifyAggregate(
  env: CheckpointEnv,
  aggregate: CheckpointAggregate,
  members?: ReadonlySet<number>,
): Result<readonly number[], AggregateError> {
  const { content, voters, signature } = aggregate
  if (!contentIsShaped(content)) return err({ code: 'AGGREGATE_CONTENT' })
  const indices = indicesOf(env.set.voters.length, voters)
  if (indices === undefined || indices.length === 0) return err({ code: 'AGGREGATE_BITMAP' })
  const stranger = members && indices.find((index) => !members.has(index))
  if (stranger !== undefined) return err({ code: 'AGGREGATE_SUBNET', voter: stranger })
  const { chainId, set, bls } = env
  const keys = indices.flatMap((index) => set.voters[index]?.key ?? [])
  const message = checkpointMessage({ chainId, votersRoot: set.root, content })
  const isSigned = bls.fastAggregateVerify(keys, message, signature)
  return isSigned ? ok(indices) : err({ code: 'AGGREGATE_SIGNATURE' })
}
