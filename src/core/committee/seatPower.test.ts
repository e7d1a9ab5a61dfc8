import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quorumOf, totalPowerMax } from './quorum.ts'
import { powerLevel, seatPower } from './seatPower.ts'

const levelled = (powers: readonly number[]): readonly number[] =>
  powers.map((power) => Math.min(power, powerLevel(powers)))

describe('COM-7 power of a seat', () => {
  const cap = 100_000n

  it.each([
    [0n, 3, 1],
    [10_000n, 3, 1],
    [66_666n, 3, 1],
    [66_667n, 3, 2],
    [99_999n, 3, 2],
    [100_000n, 3, 3],
    [1_000_000n, 3, 3],
    [100_000n, 2, 2],
    [1_000_000n, 1, 1],
  ])('a stake of %i with at most %i: %i', (stake, seatPowerMax, power) => {
    expect(seatPower(stake, { stakeCapMicro: cap, seatPowerMax })).toBe(power)
  })

  it('no seat is a third of the whole, the whole fits, and nobody changes places', () => {
    const powers = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 4, maxLength: 21 })
    fc.assert(
      fc.property(powers, (drawn) => {
        const level = levelled(drawn)
        const total = level.reduce((sum, power) => sum + power, 0)
        expect(total).toBeLessThanOrEqual(totalPowerMax)
        expect(3 * Math.max(...level)).toBeLessThan(total)
        const highest = Math.max(...level)
        expect(level).toEqual(drawn.map((power) => Math.min(power, highest)))
        // One level more would not do.
        const above = drawn.map((power) => Math.min(power, highest + 1))
        const sum = above.reduce((all, power) => all + power, 0)
        const isDone = highest === Math.max(...drawn)
        expect(isDone || 3 * (highest + 1) >= sum || sum > totalPowerMax).toBe(true)
      }),
    )
  })

  it('any F of the power may be gone, and two quorums share more than F (BFT-11)', () => {
    const powers = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 4, maxLength: 21 })
    fc.assert(
      fc.property(powers, (drawn) => {
        const { totalPower, faultyPower, quorumPower } = quorumOf(levelled(drawn))
        expect(quorumPower).toBeLessThanOrEqual(totalPower - faultyPower)
        expect(2 * quorumPower - totalPower).toBeGreaterThan(faultyPower)
        // No seat alone can stop the others.
        expect(Math.max(...levelled(drawn))).toBeLessThanOrEqual(Math.max(1, faultyPower))
      }),
    )
  })
})
