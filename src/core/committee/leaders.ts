/**
 * The leader order of an epoch (COM-4): a Fisher–Yates permutation of the seats seeded by the
 * beacon, then the primary swapped to the front: the highest score, capped, ties by ticket. Seats
 * stand in ticket order (COM-3), so among equal capped scores the first seat has the best ticket.
 */
import { readU64be, u32be, u64be } from '../base/bytes.ts'
import { hash } from '../crypto/hash.ts'
import { uniformBelow } from './uniformBelow.ts'

export function leaderOrder(
  scores: readonly number[],
  options: { readonly beacon: Uint8Array; readonly epoch: number; readonly scoreCap: number },
): number[] {
  const order = scores.map((_, seat) => seat)
  const next = indexSource(options.beacon, options.epoch)
  for (let last = order.length - 1; last > 0; last -= 1) swap(order, last, next(last + 1))
  const capped = scores.map((score) => Math.min(score, options.scoreCap))
  const primary = capped.indexOf(Math.max(...capped))
  swap(order, 0, order.indexOf(primary))
  return order
}

/** Uniform integers below a bound from hashes of the beacon. */
function indexSource(beacon: Uint8Array, epoch: number): (bound: number) => number {
  let counter = 0
  const nextWord = (): bigint => {
    const word = readU64be(hash('leaderOrder', beacon, u64be(epoch), u32be(counter)))
    counter += 1
    return word
  }
  return (bound) => uniformBelow(bound, nextWord)
}

function swap(order: number[], left: number, right: number): void {
  const moved = order.splice(right, 1, ...order.slice(left, left + 1))
  order.splice(left, 1, ...moved)
}
