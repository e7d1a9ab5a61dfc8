import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hex, u32be } from '../base/bytes.ts'
import type { Committee } from '../codec/chain.ts'
import { hash } from '../crypto/hash.ts'
import { nextCommittee, seatsMin, type DrawnCandidate } from './handOver.ts'
import { limitOperators } from './operatorLimit.ts'

interface One {
  readonly index: number
  /** 0 for none. */
  readonly operator: number
}

const none = new Uint8Array(0)
const seatsMax = 3
const id = (index: number): Uint8Array => hash('identity', u32be(index))
const operatorOf = ({ operator }: One): Uint8Array => (operator === 0 ? none : u32be(operator))

const candidates = fc
  .array(fc.nat({ max: 4 }), { maxLength: 64 })
  .map((operators) => operators.map((operator, index): One => ({ index, operator })))

/** Seats by operator; of those with a label. */
function most(list: readonly One[]): number {
  const counts = [1, 2, 3, 4].map((of) => list.filter(({ operator }) => operator === of).length)
  return Math.max(...counts)
}

describe('COM-3 seats of one operator', () => {
  it('the fourth candidate of an operator stands behind all others', () => {
    const list = [1, 1, 0, 1, 1, 2, 1].map((operator, index) => ({ index, operator }))
    const limited = limitOperators(list, operatorOf, { count: 30, seatsMax })
    expect(limited.map(({ entry, overLimit }) => [entry.index, overLimit])).toEqual([
      [0, false],
      [1, false],
      [2, false],
      [3, false],
      [5, false],
      [4, true],
      [6, true],
    ])
    const few = limitOperators(list, operatorOf, { count: 4, seatsMax })
    expect(few.map(({ entry }) => entry.index)).toEqual([0, 1, 2, 3])
  })

  it('holds for any labels, keeps the order, and leaves out nobody while there is room', () => {
    fc.assert(
      fc.property(candidates, fc.integer({ min: 4, max: 30 }), (list, count) => {
        const limited = limitOperators(list, operatorOf, { count, seatsMax })
        const within = limited.filter(({ overLimit }) => !overLimit).map(({ entry }) => entry)
        const above = limited.filter(({ overLimit }) => overLimit).map(({ entry }) => entry)
        expect(limited.length).toBe(Math.min(count, list.length))
        expect(most(within)).toBeLessThanOrEqual(seatsMax)
        for (const part of [within, above]) {
          const places = part.map(({ index }) => index)
          expect(places).toEqual(places.toSorted((left, right) => left - right))
        }
        expect(limited.map(({ entry }) => entry)).toEqual([...within, ...above])
      }),
    )
  })

  it('without labels the draw is what it was', () => {
    fc.assert(
      fc.property(candidates, (list) => {
        const limited = limitOperators(list, () => none, { count: 30, seatsMax })
        expect(limited).toEqual(list.slice(0, 30).map((entry) => ({ entry, overLimit: false })))
      }),
    )
  })
})

function committeeOf(seats: number): Committee {
  return {
    epoch: 7,
    seats: Array.from({ length: seats }, (_none, index) => ({
      validator: id(500 + index),
      epochKey: u32be(500 + index),
      sharingKey: none,
      power: 1,
      peerId: '',
      score: 7_500,
    })),
    leaders: Array.from({ length: seats }, (_none, index) => index),
    attempt: 0,
  }
}

function drawnOf(list: readonly One[], confirmed: readonly boolean[]): DrawnCandidate[] {
  return limitOperators(list, operatorOf, { count: 30, seatsMax }).map(({ entry, overLimit }) => ({
    validator: id(entry.index),
    epochKey: u32be(entry.index),
    sharingKey: none,
    peerId: '',
    score: 8_000,
    power: 1,
    confirmed: confirmed[entry.index] ?? true,
    overLimit,
  }))
}

describe('COM-3, COM-5 the limit and the least committee', () => {
  const common = { beacon: hash('beacon'), committeeSeats: 21, scoreCap: 8_500 }

  it('those above it serve where the bound lacks them, as many and no more', () => {
    const confirms = fc.array(fc.boolean(), { minLength: 64, maxLength: 64 })
    const seatsNow = fc.integer({ min: 4, max: 21 })
    const actives = fc.integer({ min: 4, max: 80 })
    fc.assert(
      fc.property(candidates, confirms, seatsNow, actives, (list, confirmed, now, active) => {
        const draw = drawnOf(list, confirmed)
        const next = nextCommittee({ ...common, current: committeeOf(now), draw, active })
        const bound = seatsMin({ active, seatsNow: now, committeeSeats: 21 })
        const there = draw.filter((one) => one.confirmed)
        const within = there.filter(({ overLimit }) => !overLimit)
        const served = next.seats.map(({ validator }) => hex(validator))
        const above = there.filter(({ validator }) => served.includes(hex(validator)))
        const extra = above.filter(({ overLimit }) => overLimit).length
        if (there.length < bound) {
          expect(served).toEqual(committeeOf(now).seats.map(({ validator }) => hex(validator)))
        } else {
          expect(next.seats.length).toBe(Math.max(bound, Math.min(21, within.length)))
          expect(extra).toBe(Math.max(0, bound - within.length))
        }
      }),
      { numRuns: 300 },
    )
  })

  it('a devnet whose operator labels every validator keeps the least committee', () => {
    const list = Array.from({ length: 7 }, (_none, index) => ({ index, operator: 1 }))
    const draw = drawnOf(list, [])
    const sizes = [7, 5, 4, 4].map((now) => {
      return nextCommittee({ ...common, current: committeeOf(now), draw, active: 7 }).seats.length
    })
    expect(sizes).toEqual([5, 4, 4, 4])
  })
})
