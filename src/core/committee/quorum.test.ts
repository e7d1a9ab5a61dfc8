import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { committeeQuorum, faultyPowerOf, quorumOf } from './quorum.ts'

const ones = (count: number): number[] => Array.from({ length: count }, () => 1)

describe('BFT-11 quorums', () => {
  it.each([
    [1, 0, 1],
    [2, 0, 2],
    [3, 0, 2],
    [4, 1, 3],
    [5, 1, 4],
    [6, 1, 4],
    [7, 2, 5],
    [9, 2, 6],
    [10, 3, 7],
    [20, 6, 14],
    [21, 6, 15],
  ])('of %i seats: F = %i, q = %i', (seats, faultyPower, quorumPower) => {
    expect(quorumOf(ones(seats))).toEqual({ totalPower: seats, faultyPower, quorumPower })
  })

  it('a weighted committee takes W - F', () => {
    expect(quorumOf([2, 2, 2, 2, 1])).toEqual({ totalPower: 9, faultyPower: 2, quorumPower: 7 })
  })

  const powers = fc
    .array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 21 })
    .filter((list) => list.reduce((sum, power) => sum + power, 0) <= 63)

  it('two quorums share more than the faulty power, and one is reachable without it', () => {
    fc.assert(
      fc.property(powers, (list) => {
        const { totalPower, faultyPower, quorumPower } = quorumOf(list)
        expect(2 * quorumPower - totalPower).toBeGreaterThan(faultyPower)
        expect(quorumPower).toBeLessThanOrEqual(totalPower - faultyPower)
        expect(3 * faultyPower).toBeLessThan(totalPower)
      }),
    )
  })

  it('2F + 1 of 21 would let two quorums share faulty seats alone', () => {
    const faulty = faultyPowerOf(21)
    expect(2 * (2 * faulty + 1) - 21).toBeLessThanOrEqual(faulty)
    expect(quorumOf(ones(21)).quorumPower).toBeGreaterThan(2 * faulty + 1)
  })

  it('reads the powers of a committee', () => {
    const seat = {
      validator: new Uint8Array(32),
      epochKey: new Uint8Array(48),
      sharingKey: new Uint8Array(32),
      power: 1,
      peerId: '',
      score: 7500,
    }
    expect(committeeQuorum({ seats: [seat, seat, seat, seat] }).quorumPower).toBe(3)
  })
})
