/**
 * Verified aggregates of one content become one (CKPT-1). A voter counts once, and an aggregate
 * cannot be taken apart, so of those that overlap the one with more stake stays, ties by bitmap:
 * a function of what was heard, not of the order in which it came. Those of different subnets never
 * overlap (`verifyAggregate` with the members), so the heaviest of each subnet is taken.
 */
import { compareBytes } from '../base/bytes.ts'
import { err, ok, type Result } from '../base/result.ts'
import type { CheckpointAggregate } from '../codec/checkpoint.ts'
import type { AggregateError } from './aggregate.ts'
import type { CheckpointEnv } from './env.ts'
import { contentIsShaped, contentsEqual } from './message.ts'
import { bitmapsOverlap, bitmapUnion, indicesOf } from '../base/bitmap.ts'
import { stakeAt } from './voterSet.ts'

export interface Merged {
  readonly aggregate: CheckpointAggregate
  readonly stakeMicro: bigint
  /** What overlaps with something that was taken. */
  readonly leftOut: readonly CheckpointAggregate[]
}

export function mergeAggregates(
  env: CheckpointEnv,
  list: readonly CheckpointAggregate[],
): Result<Merged, AggregateError> {
  const content = list[0]?.content
  if (list.length === 0) return err({ code: 'AGGREGATE_EMPTY' })
  if (!contentIsShaped(content)) return err({ code: 'AGGREGATE_CONTENT' })
  const weighed: { aggregate: CheckpointAggregate; stakeMicro: bigint }[] = []
  for (const aggregate of list) {
    if (aggregate.content === undefined || !contentsEqual(aggregate.content, content)) {
      return err({ code: 'AGGREGATE_CONTENT' })
    }
    const indices = indicesOf(env.set.voters.length, aggregate.voters)
    if (indices === undefined || indices.length === 0) return err({ code: 'AGGREGATE_BITMAP' })
    weighed.push({ aggregate, stakeMicro: stakeAt(env.set, indices) })
  }
  weighed.sort((left, right) => {
    if (left.stakeMicro !== right.stakeMicro) return left.stakeMicro > right.stakeMicro ? -1 : 1
    return compareBytes(left.aggregate.voters, right.aggregate.voters)
  })
  let voters = new Uint8Array(Math.ceil(env.set.voters.length / 8))
  let stakeSum = 0n
  const taken: Uint8Array[] = []
  const leftOut: CheckpointAggregate[] = []
  for (const { aggregate, stakeMicro } of weighed) {
    if (bitmapsOverlap(voters, aggregate.voters)) {
      leftOut.push(aggregate)
      continue
    }
    voters = Uint8Array.from(bitmapUnion(voters, aggregate.voters))
    stakeSum += stakeMicro
    taken.push(aggregate.signature)
  }
  const signature = env.bls.aggregateSignatures(taken)
  if (signature === undefined) return err({ code: 'AGGREGATE_SIGNATURE' })
  return ok({ aggregate: { content, voters, signature }, stakeMicro: stakeSum, leftOut })
}
