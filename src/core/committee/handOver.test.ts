import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hex } from '../base/bytes.ts'
import type { Committee } from '../codec/chain.ts'
import { hash } from '../crypto/hash.ts'
import { u32be } from '../base/bytes.ts'
import { drawSeats, type Candidate } from './draw.ts'
import { committeeRoot, nextCommittee, seatsMin, type DrawnCandidate } from './handOver.ts'
import { leaderOrder } from './leaders.ts'

const beacon = hash('beacon', u32be(1))
const id = (index: number): Uint8Array => hash('identity', u32be(index))

const candidates = fc.uniqueArray(
  fc.record({
    validator: fc.nat({ max: 200 }).map(id),
    kappaQ32: fc.bigInt({ min: 0n, max: 1n << 40n }),
    score: fc.integer({ min: 7_500, max: 10_000 }),
  }),
  { maxLength: 60, selector: (candidate) => hex(candidate.validator) },
)
const options = { beacon, count: 30, scoreCap: 8_500 }
const rank = (candidate: Candidate): number =>
  Number(candidate.kappaQ32) / Math.min(candidate.score, 8_500)

describe('COM-3 draw', () => {
  it('takes the lowest κ/score, whatever the order of arrival', () => {
    fc.assert(
      fc.property(candidates, (list) => {
        const drawn = drawSeats(list, options)
        expect(drawn.length).toBe(Math.min(30, list.length))
        expect(drawSeats(list.toReversed(), options)).toEqual(drawn)
        const ranks = drawn.map(rank)
        expect(ranks.toSorted((left, right) => left - right)).toEqual(ranks)
        const last = ranks.at(-1) ?? 0
        const out = list.filter((candidate) => !drawn.includes(candidate))
        expect(out.every((candidate) => rank(candidate) >= last)).toBe(true)
      }),
    )
  })

  it('scores above the cap count as the cap, and ties fall by hash', () => {
    const tied = [1, 2, 3, 4].map((index) => ({
      validator: id(index),
      kappaQ32: 100n,
      score: index > 2 ? 10_000 : 8_500,
    }))
    const ties = tied.map((entry) => hex(hash('seatOrder', beacon, entry.validator)))
    const drawn = drawSeats(tied, options).map((entry) => hex(entry.validator))
    const expected = [0, 1, 2, 3]
      .sort((left, right) => ((ties[left] ?? '') < (ties[right] ?? '') ? -1 : 1))
      .map((index) => hex(id(index + 1)))
    expect(drawn).toEqual(expected)
  })
})

describe('COM-4 leader order', () => {
  const scores = fc.array(fc.integer({ min: 7_500, max: 10_000 }), { minLength: 4, maxLength: 21 })

  it('is a permutation that begins with the best capped score, first in ticket order', () => {
    fc.assert(
      fc.property(scores, fc.nat({ max: 1_000 }), (list, epoch) => {
        const order = leaderOrder(list, { beacon, epoch, scoreCap: 8_500 })
        expect(order.toSorted((left, right) => left - right)).toEqual(list.map((_, seat) => seat))
        const capped = list.map((score) => Math.min(score, 8_500))
        expect(order[0]).toBe(capped.indexOf(Math.max(...capped)))
      }),
    )
  })

  it('puts every other seat in every other place about equally often', () => {
    const list = [8_000, 7_500, 7_500, 7_500]
    const counts = new Map<string, number>()
    const draws = 3_000
    for (let epoch = 0; epoch < draws; epoch += 1) {
      const order = leaderOrder(list, { beacon, epoch, scoreCap: 8_500 }).slice(1).join('')
      counts.set(order, (counts.get(order) ?? 0) + 1)
    }
    expect(counts.size).toBe(6)
    // Mean 500, deviation 20: five deviations.
    for (const count of counts.values()) expect(Math.abs(count - 500)).toBeLessThan(100)
  })
})

function committeeOf(seats: number): Committee {
  return {
    epoch: 7,
    seats: Array.from({ length: seats }, (_, index) => ({
      validator: id(index),
      epochKey: Uint8Array.of(index),
      sharingKey: Uint8Array.of(index),
      power: 1,
      peerId: `old${index}`,
      score: 7_500,
    })),
    leaders: Array.from({ length: seats }, (_, index) => index),
    attempt: 0,
  }
}

function drawOf(
  from: number,
  count: number,
  confirmed: (index: number) => boolean,
): DrawnCandidate[] {
  return Array.from({ length: count }, (_, index) => ({
    validator: id(from + index),
    epochKey: Uint8Array.of(100 + index),
    sharingKey: Uint8Array.of(100 + index),
    peerId: `new${index}`,
    score: 8_000,
    power: 1,
    confirmed: confirmed(index),
    overLimit: false,
  }))
}

describe('COM-5 size of the next committee', () => {
  it.each([
    [63, 21, 21],
    [62, 21, 14],
    [30, 9, 6],
    [30, 10, 7],
    [10, 4, 4],
    [4, 5, 4],
    [1_000, 4, 21],
  ])('%i active and %i seats now: at least %i', (active, seatsNow, bound) => {
    expect(seatsMin({ active, seatsNow, committeeSeats: 21 })).toBe(bound)
  })

  const common = { beacon, committeeSeats: 21, scoreCap: 8_500 }

  it('the first confirmed serve, backups in their order', () => {
    const draw = drawOf(50, 30, (index) => index !== 3 && index !== 7)
    const next = nextCommittee({ ...common, current: committeeOf(21), draw, active: 70 })
    const expected = draw.filter((candidate) => candidate.confirmed).slice(0, 21)
    expect(next.epoch).toBe(8)
    expect(next.seats.map((seat) => hex(seat.validator))).toEqual(
      expected.map((candidate) => hex(candidate.validator)),
    )
    expect(next.leaders.toSorted((left, right) => left - right)).toEqual([...next.seats.keys()])
  })

  it('nobody shrinks a large network by blocking READY', () => {
    const draw = drawOf(50, 30, (index) => index < 20)
    const next = nextCommittee({ ...common, current: committeeOf(21), draw, active: 70 })
    expect(next.seats.map((seat) => seat.validator)).toEqual(
      committeeOf(21).seats.map((seat) => seat.validator),
    )
  })

  it('COM-7: seats count what they were drawn with, levelled; one each by default', () => {
    const draw = drawOf(50, 30, () => true).map((candidate, index) => {
      return { ...candidate, power: 1 + (index % 3) }
    })
    const next = nextCommittee({ ...common, current: committeeOf(21), draw, active: 70 })
    expect(next.seats.map(({ power }) => power)).toEqual(
      draw.slice(0, 21).map(({ power }) => power),
    )
    const few = nextCommittee({
      ...common,
      current: committeeOf(4),
      draw: draw.slice(0, 4),
      active: 5,
    })
    // 1, 2, 3, 1: three is a third of seven and more, and so is two of six.
    expect(few.seats.map(({ power }) => power)).toEqual([1, 1, 1, 1])
    const stays = nextCommittee({ ...common, current: next, draw: [], active: 70 })
    expect(stays.seats.map(({ power }) => power)).toEqual(next.seats.map(({ power }) => power))
  })

  it('a committee that stays on takes the fresh keys of those who confirmed', () => {
    const draw = drawOf(2, 3, (index) => index !== 1)
    const current = committeeOf(6)
    const next = nextCommittee({ ...common, current, draw, active: 8 })
    expect(next.seats.map((seat) => seat.epochKey[0])).toEqual([0, 1, 100, 3, 102, 5])
    expect(next.seats.map((seat) => seat.peerId)).toEqual([
      'old0',
      'old1',
      'new0',
      'old3',
      'new2',
      'old5',
    ])
  })
})

describe('BFT-11, RECOVER-1: the root of a committee covers all that votes depend on', () => {
  it('another epoch, attempt, order of leaders, key, power or seat gives another root', () => {
    const committee = committeeOf(4)
    const [first, ...others] = committee.seats
    if (first === undefined) throw new Error('four seats')
    const changed: readonly Committee[] = [
      { ...committee, epoch: 8 },
      { ...committee, attempt: 1 },
      { ...committee, leaders: [1, 0, 2, 3] },
      { ...committee, seats: [{ ...first, epochKey: Uint8Array.of(9) }, ...others] },
      { ...committee, seats: [{ ...first, power: 2 }, ...others] },
      { ...committee, seats: [...others, first] },
      { ...committee, seats: others },
    ]
    const roots = [committee, ...changed].map((one) => hex(committeeRoot(one)))
    expect(new Set(roots).size).toBe(8)
    expect(committeeRoot(committeeOf(4))).toEqual(committeeRoot(committee))
  })
})
