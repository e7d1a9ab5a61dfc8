/**
 * TIME-1: how far the clocks of the seats are from this one, as the median by power. Below 2F + 1
 * power nothing is measured: with no more than F faulty of so much, an honest seat stands on either
 * side of the median, or is it.
 */
import type { Quorum } from '../core/committee/quorum.ts'

/** What a seat's clock shows, in ms ahead of this one, and the power of the seat. */
interface SeatOffset {
  readonly offsetMs: number
  readonly power: number
}

/**
 * `offsets`: one of each seat that answered, and 0 of this node's own seat where it has one.
 *
 * Returns undefined below 2F + 1 power.
 */
export function medianOffset(
  offsets: readonly SeatOffset[],
  { faultyPower }: Pick<Quorum, 'faultyPower'>,
): number | undefined {
  const heardPower = offsets.reduce((sum, { power }) => sum + power, 0)
  if (heardPower < 2 * faultyPower + 1) return undefined
  const sorted = offsets.toSorted((left, right) => left.offsetMs - right.offsetMs)
  let below = 0
  for (const { offsetMs, power } of sorted) {
    below += power
    if (2 * below >= heardPower) return offsetMs
  }
  return undefined
}
