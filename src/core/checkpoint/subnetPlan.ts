/** The subnets of one number, and who aggregates in each (CKPT-1). */
import type { DrawSeed } from './beaconDraw.ts'
import type { SubnetLayout } from './parameters.ts'
import { aggregatorsOf, subnetsOf } from './subnets.ts'
import type { VoterSet } from './voterSet.ts'

export interface SubnetPlan {
  /** Voters of each subnet, ascending. */
  readonly members: readonly (readonly number[])[]
  /** Of a voter of the set. */
  subnetOf(voter: number): number
  /** Voters, the first in turn first; they are drawn when somebody asks. */
  aggregatorsOf(subnet: number): readonly number[]
}

export function planSubnets(
  set: Pick<VoterSet, 'voters'>,
  seed: DrawSeed,
  layout: SubnetLayout,
): SubnetPlan {
  const members = subnetsOf(set.voters.length, seed, layout)
  const places = new Map(
    members.flatMap((voters, subnet) => voters.map((voter) => [voter, subnet] as const)),
  )
  const drawn = new Map<number, readonly number[]>()
  return {
    members,
    subnetOf: (voter) => places.get(voter) ?? 0,
    aggregatorsOf: (subnet) => {
      const own = members[subnet]
      const known = drawn.get(subnet)
      if (own === undefined || known !== undefined) return known ?? []
      const aggregators = aggregatorsOf(set, own, seed, layout)
      drawn.set(subnet, aggregators)
      return aggregators
    },
  }
}
