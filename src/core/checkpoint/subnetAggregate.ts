/** Aggregates of one subnet as they travel, with a bitmap over its members alone (CKPT-1). */
import { bitmapOf, indicesOf } from '../base/bitmap.ts'
import { err, ok, type Result } from '../base/result.ts'
import type { CheckpointAggregate, SubnetAggregate } from '../codec/checkpoint.ts'
import type { AggregateError } from './aggregate.ts'
import type { CheckpointEnv } from './env.ts'
import { contentIsShaped } from './message.ts'
import type { SubnetPlan } from './subnetPlan.ts'

/** Content, bitmap over 157 members and signature, with room for what numbers take. */
export const subnetAggregateBytesMax = 1024

/** Of votes of this subnet alone. */
export function writeSubnetAggregate(
  { set }: Pick<CheckpointEnv, 'set'>,
  members: readonly number[],
  what: { readonly subnet: number; readonly aggregate: CheckpointAggregate },
): SubnetAggregate {
  const { subnet, aggregate } = what
  const { content, voters, signature } = aggregate
  const signers = new Set(indicesOf(set.voters.length, voters))
  const places = [...members.keys()].filter((place) => signers.has(members[place] ?? -1))
  return {
    ...(content && { content }),
    votersRoot: set.root,
    subnet,
    members: bitmapOf(members.length, places),
    signature,
  }
}

/** Its form alone: the signature is checked by `verifyAggregate`. */
export function readSubnetAggregate(
  { set }: Pick<CheckpointEnv, 'set'>,
  plan: SubnetPlan,
  shown: SubnetAggregate,
): Result<CheckpointAggregate, AggregateError> {
  const { content, subnet, signature } = shown
  const members = plan.members[subnet]
  if (!contentIsShaped(content)) return err({ code: 'AGGREGATE_CONTENT' })
  const places = members && indicesOf(members.length, shown.members)
  if (places === undefined || places.length === 0) return err({ code: 'AGGREGATE_BITMAP' })
  const indices = places.map((place) => members?.[place] ?? 0)
  return ok({ content, voters: bitmapOf(set.voters.length, indices), signature })
}
