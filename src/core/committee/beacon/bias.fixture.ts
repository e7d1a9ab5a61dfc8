/**
 * How many seats an adversary gains by what it withholds: epochs one after the other, the real draw
 * (COM-3) on a beacon that the adversary picks among those that it can reach.
 *
 * All validators weigh the same. Secrets are hashes, and the round takes them without cryptography:
 * what is measured is the choice that the rules leave, not whether proofs hold.
 */
import { unwrap } from '../../../../test/support/unwrap.ts'
import { u32be, u64be } from '../../base/bytes.ts'
import { hash } from '../../crypto/hash.ts'
import { drawSeats } from '../draw.ts'
import { kappaQ32 } from '../ticket.ts'
import { beaconAfter } from './beaconAfter.ts'
import { outcomeOf } from './outcome.ts'
import { startRound } from './round.ts'
import {
  hollowDeal,
  hollowJudge,
  hollowOpening,
  hollowShares,
  hollowSharing,
  times,
  withBlock,
} from './testRound.fixture.ts'

export type Scheme = 'nobody withholds' | 'first version' | 'sharing, timely' | 'sharing, delayed'

export interface BiasInput {
  readonly validators: number
  /** The first so many validators are the adversary's. */
  readonly adversaries: number
  readonly seats: number
  readonly epochs: number
  /** Of the first beacon; 0 without one. */
  readonly seed?: number
  /** Of its seats, so many at most play; it tries every subset of them. */
  readonly withheldMax: number
}

export interface BiasReport {
  /** Adversary's seats in a committee, mean. */
  readonly meanSeats: number
  /**
   * Of the counts of seats, each validator's against an equal share. Seats of one epoch are drawn
   * without putting back, for which it is scaled: χ² with `validators` − 1 degrees of freedom.
   */
  readonly chiSquared: number
  /** Beacons that the adversary could choose from, mean. */
  readonly meanChoices: number
}

const sharing = new Map<number, ReturnType<typeof hollowSharing>>()

export function measureBias(scheme: Scheme, input: BiasInput): BiasReport {
  const counts = Array.from({ length: input.validators }, () => 0)
  let beacon = hash('beacon', u32be(input.seed ?? 0))
  let committee = drawOf(beacon, input)
  let [adversarySeats, choices] = [0, 0]
  for (let epoch = 1; epoch <= input.epochs; epoch += 1) {
    const isAdversary = committee.map((validator) => validator < input.adversaries)
    const own = isAdversary.flatMap((is, seat) => (is ? [seat] : [])).slice(0, input.withheldMax)
    const reachable = beaconsOf(scheme, beacon, epoch, committee.length, own)
    choices += reachable.length
    const options = reachable.map((next) => ({ next, committee: drawOf(next, input) }))
    const gain = (list: readonly number[]): number =>
      list.filter((validator) => validator < input.adversaries).length
    const best = options.reduce((left, right) =>
      gain(right.committee) > gain(left.committee) ? right : left,
    )
    beacon = best.next
    committee = best.committee
    adversarySeats += gain(committee)
    for (const validator of committee) counts[validator] = (counts[validator] ?? 0) + 1
  }
  return {
    meanSeats: adversarySeats / input.epochs,
    chiSquared: chiSquaredOf(counts, input),
    meanChoices: choices / input.epochs,
  }
}

function chiSquaredOf(counts: readonly number[], input: BiasInput): number {
  const { validators, seats, epochs } = input
  const share = seats / validators
  const variance = epochs * share * (1 - share)
  const differences = counts.map((count) => count - epochs * share)
  const sum = differences.reduce((total, difference) => total + difference * difference, 0)
  return (sum / variance) * ((validators - 1) / validators)
}

/** Numbers of the validators drawn. */
function drawOf(beacon: Uint8Array, { validators, seats }: BiasInput): readonly number[] {
  const candidates = Array.from({ length: validators }, (_, number) => {
    const validator = hash('identity', u32be(number))
    const ticket = hash('message', beacon, validator)
    return { number, validator, kappaQ32: kappaQ32(ticket, 1n << 32n), score: 7500 }
  })
  const drawn = drawSeats(candidates, { beacon, count: seats, scoreCap: 8500 })
  return drawn.map(({ number }) => number)
}

/** Each beacon once, the one of an adversary that does as it should first. */
function beaconsOf(
  scheme: Scheme,
  beacon: Uint8Array,
  epoch: number,
  seats: number,
  own: readonly number[],
): readonly Uint8Array[] {
  const seed = hash('message', beacon, u64be(epoch))
  const subsets = scheme === 'nobody withholds' ? [[]] : subsetsOf(own)
  const beacons = new Map<string, Uint8Array>()
  const add = (next: Uint8Array): void => void beacons.set(next.join(), next)
  for (const withheld of subsets) {
    if (scheme === 'first version') add(firstVersion(beacon, epoch, seed, seats, withheld))
    else add(sharingBeacon(beacon, epoch, seed, seats, withheld))
  }
  if (scheme === 'sharing, delayed') add(beaconAfter(beacon, epoch, { kind: 'fallback' }))
  return [...beacons.values()]
}

function firstVersion(
  beacon: Uint8Array,
  epoch: number,
  seed: Uint8Array,
  seats: number,
  withheld: readonly number[],
): Uint8Array {
  const shown = Array.from({ length: seats }, (_, seat) => seat).filter(
    (seat) => !withheld.includes(seat),
  )
  const shares = shown.map((seat) => hollowOpening(hollowDeal(seed, seat)).secret)
  return hash('beacon', u32be(3), beacon, u64be(epoch), ...shares)
}

/** Everybody deals; who withholds neither opens nor shows shares. */
function sharingBeacon(
  beacon: Uint8Array,
  epoch: number,
  seed: Uint8Array,
  seats: number,
  withheld: readonly number[],
): Uint8Array {
  const place = sharing.get(seats) ?? hollowSharing(Array.from({ length: seats }, () => 1))
  sharing.set(seats, place)
  const all = Array.from({ length: seats }, (_, seat) => seat)
  const honest = all.filter((seat) => !withheld.includes(seat))
  const deals = all.map((seat) => hollowDeal(seed, seat))
  let round = withBlock(startRound(place), hollowJudge, { at: 5, deals })
  const openings = deals.filter(({ dealer }) => !withheld.includes(dealer)).map(hollowOpening)
  round = withBlock(round, hollowJudge, { at: 15, openings })
  const unopened = deals.filter(({ dealer }) => withheld.includes(dealer))
  const shares = unopened.flatMap((deal) => honest.map((seat) => hollowShares(deal, seat)))
  round = withBlock(round, hollowJudge, { at: 19, shares })
  return beaconAfter(beacon, epoch, unwrap(outcomeOf(round, times, 28_000)))
}

/** The empty one first. */
function subsetsOf(items: readonly number[]): readonly (readonly number[])[] {
  return items.reduce<readonly (readonly number[])[]>(
    (subsets, item) => [...subsets, ...subsets.map((subset) => [...subset, item])],
    [[]],
  )
}
