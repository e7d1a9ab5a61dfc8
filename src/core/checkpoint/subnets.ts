/**
 * Where votes are aggregated (CKPT-1): 64 subnets drawn by the beacon, of sizes that differ by one
 * at most; a set too small for 8 aggregators in each is one subnet. The aggregators of a subnet are
 * 8 of its members drawn by stake without replacement: the lowest −ln(u)/stake (Efraimidis,
 * Spirakis, 2006), so that many small accounts cannot hold a subnet back.
 */
import { negativeLnQ64 } from '../committee/ln.ts'
import { drawWord, integerSource, type DrawSeed } from './beaconDraw.ts'
import { checkpointProtocol, type SubnetLayout } from './parameters.ts'
import type { VoterSet } from './voterSet.ts'

export function subnetCountOf(
  voterCount: number,
  layout: SubnetLayout = checkpointProtocol,
): number {
  const { subnets, subnetAggregators } = layout
  return voterCount < subnets * subnetAggregators ? 1 : subnets
}

/** The indices of each subnet, ascending. */
export function subnetsOf(
  voterCount: number,
  seed: DrawSeed,
  layout: SubnetLayout = checkpointProtocol,
): readonly (readonly number[])[] {
  const order = Array.from({ length: voterCount }, (_, index) => index)
  const next = integerSource('subnets', seed)
  for (let last = voterCount - 1; last > 0; last -= 1) {
    const other = Number(next(BigInt(last + 1)))
    const kept = order[last] ?? 0
    order[last] = order[other] ?? 0
    order[other] = kept
  }
  const subnets = Array.from({ length: subnetCountOf(voterCount, layout) }, (): number[] => [])
  for (const [place, index] of order.entries()) subnets[place % subnets.length]?.push(index)
  return subnets.map((members) => members.toSorted((left, right) => left - right))
}

/** At most 8 of the members, the first in turn first. */
export function aggregatorsOf(
  set: Pick<VoterSet, 'voters'>,
  members: readonly number[],
  seed: DrawSeed,
  layout: SubnetLayout = checkpointProtocol,
): readonly number[] {
  const tickets = members.map((index) => ({
    index,
    lnQ64: negativeLnQ64(drawWord('aggregators', seed, index) + 1n),
    stakeMicro: set.voters[index]?.stakeMicro ?? 0n,
  }))
  // −ln(u)/stake compared exactly, by the products.
  tickets.sort((left, right) => {
    const difference = left.lnQ64 * right.stakeMicro - right.lnQ64 * left.stakeMicro
    if (difference !== 0n) return difference < 0n ? -1 : 1
    return left.index - right.index
  })
  return tickets.slice(0, layout.subnetAggregators).map(({ index }) => index)
}
