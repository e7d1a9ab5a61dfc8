import { describe, expect, it } from 'vitest'
import { unwrap } from '../../../../test/support/unwrap.ts'
import { hex } from '../../base/bytes.ts'
import { openDeal } from '../../crypto/pvss/openDeal.ts'
import { testSharing } from '../../crypto/pvss/testSharing.fixture.ts'
import { beaconAfter } from './beaconAfter.ts'
import { judgeOf } from './judge.ts'
import { outcomeOf } from './outcome.ts'
import { startRound, type BeaconRound } from './round.ts'
import { remembered, times, withBlock } from './testRound.fixture.ts'

// Seats 0 to 2 are honest, seat 3 is the adversary's, who also decides when each object of anybody
// gets into a block: the only thing left to choose once the set is fixed.
const { sharing, deal: dealOf, dealSeed, decrypt } = testSharing([1, 1, 1, 1])
const judge = remembered(judgeOf(sharing))
const seats = [0, 1, 2, 3]
const honest = [0, 1, 2]
const deals = seats.map(dealOf)
const openings = seats.map((seat) => openDeal(sharing, seat, dealSeed(seat)))
const shares = deals.map((deal) => seats.map((seat) => decrypt(deal, seat)))
const previous = new Uint8Array(32)
const never = 99

interface Schedule {
  /** When the opening of each seat is in a block, seconds. */
  readonly openings: readonly number[]
  /** When the shares of each seat, of every deal that needs them, are in a block. */
  readonly shares: readonly number[]
  readonly blocks: readonly number[]
}

/** Blocks with nothing in them, too: the adversary leads some and chooses their times. */
const blockTimes = [
  [14, 15, 18, 19, 22, 27, 28, 30, 39, 40, 41, 42],
  [15, 19, 22, 30, 33, 39, 41, 43],
]

/** The beacon at the first block from 28 s on that may be the boundary. */
function beaconOf(start: BeaconRound, schedule: Schedule): string {
  let round = start
  for (const at of schedule.blocks) {
    const outcome = at >= 28 ? outcomeOf(round, times, at * 1000) : undefined
    if (outcome?.ok === true) return hex(beaconAfter(previous, 8, outcome.value))
    round = withBlock(round, judge, {
      at,
      openings: openings.filter((_, seat) => schedule.openings[seat] === at),
      shares: seats
        .filter((seat) => schedule.shares[seat] === at)
        .flatMap((seat) => shares.map((list) => list[seat]!)),
    })
  }
  throw new Error('no boundary')
}

function* choices(options: readonly (readonly number[])[]): Generator<readonly number[]> {
  const [first, ...rest] = options
  if (first === undefined) yield []
  else for (const value of first) for (const list of choices(rest)) yield [value, ...list]
}

function reachable(dealers: readonly number[], of: { opening: number[]; shares: number[] }) {
  const dealt = dealers.map((dealer) => deals[dealer]!)
  const start = withBlock(startRound(sharing), judge, { at: 5, deals: dealt })
  const beacons = new Set<string>()
  const openingTimes = [of.opening, of.opening, of.opening, [15, 30, never]]
  const shareTimes = [of.shares, of.shares, of.shares, [19, never]]
  for (const opened of choices(openingTimes)) {
    for (const shown of choices(shareTimes)) {
      for (const blocks of blockTimes) {
        beacons.add(beaconOf(start, { openings: opened, shares: shown, blocks }))
      }
    }
  }
  return beacons
}

const fallback = hex(beaconAfter(previous, 8, { kind: 'fallback' }))

describe('BEACON-7: what an adversary of F can choose after the set is fixed', () => {
  it.each([{ dealers: seats }, { dealers: honest }])(
    'nothing with timely messages: one beacon for deals of $dealers',
    ({ dealers }) => {
      const beacons = reachable(dealers, { opening: [15, 22, 39], shares: [19, 39] })
      expect(beacons.size).toBe(1)
      expect(beacons.has(fallback)).toBe(false)
    },
  )

  it.each([{ dealers: seats }, { dealers: honest }])(
    'one bit when it delays messages past the limit, for deals of $dealers',
    ({ dealers }) => {
      const timely = reachable(dealers, { opening: [15], shares: [19] })
      const beacons = reachable(dealers, { opening: [15, 39, never], shares: [19, never] })
      expect(beacons).toEqual(new Set([...timely, fallback]))
      expect(beacons.size).toBe(2)
    },
  )

  it('nothing by silence: deals that are never opened are resolved by shares', () => {
    const beacons = reachable(seats, { opening: [never], shares: [19] })
    expect(beacons).toEqual(reachable(seats, { opening: [15], shares: [19] }))
  })

  it('F cannot open a deal alone, and the honest can without F', () => {
    const { threshold, shareCount } = sharing
    expect(threshold).toBeGreaterThan(1)
    expect(threshold).toBeLessThanOrEqual(shareCount - 1)
    expect(unwrap(judge.reconstruct(honest.map((seat) => shares[3]![seat]!)))).toBeDefined()
    expect(judge.reconstruct([shares[0]![3]!]).ok).toBe(false)
  })
})
