/** Mutants of the draw (section 8): the scenario that holds the production rules kills them. */
import { describe, expect, it } from 'vitest'
import { meanSeats } from './orderedDraw.ts'
import { productionRules, splittingOutcome, type DrawRules } from './splitting.ts'

const setting = { seed: 1, seats: 21 }

describe('COM-2, COM-3: splitting stake', () => {
  it(
    'gains less than 5 % in a network of 2000, as drawn and by the closed form',
    { timeout: 60_000 },
    () => {
      const { failures, facts } = splittingOutcome(setting, productionRules)
      expect(failures).toEqual([])
      expect(Number(facts['gain'])).toBeGreaterThan(0.03)
    },
  )

  const mutants: readonly (readonly [string, Partial<DrawRules>, RegExp])[] = [
    [
      'additive weight',
      // Merit beside the stake instead of times it: every identity brings its own.
      { weight: (stakeMicro) => productionRules.weight(stakeMicro) + (1n << 30n) },
      /^splitting gains/,
    ],
    [
      'low-u cut-off',
      // Called by the ticket alone, before weight: many identities are called more often.
      { isCalled: (_kappa, uniform) => uniform < 0.04 },
      /seats drawn/,
    ],
  ]
  it.each(mutants)('the mutant with %s is killed', { timeout: 60_000 }, (_name, change, why) => {
    const { failures } = splittingOutcome(setting, { ...productionRules, ...change })
    expect(failures.some((failure) => why.test(failure))).toBe(true)
  })
})

describe('the closed form of a draw by weight', () => {
  it('is the share of seats among equals, and every seat when all are drawn', () => {
    const equal = (count: number): { count: number; weight: number } => ({ count, weight: 0.4 })
    expect(meanSeats(equal(20), equal(80), 21)).toBeCloseTo(4.2, 4)
    expect(meanSeats(equal(5), equal(16), 21)).toBeCloseTo(5, 2)
  })

  it('is the weight’s share when one of two is drawn', () => {
    expect(meanSeats({ count: 1, weight: 3 }, { count: 1, weight: 1 }, 1)).toBeCloseTo(0.75, 3)
  })
})
