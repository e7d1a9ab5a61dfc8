/**
 * Runs that once found a fault: each stays. A run that fails, alone or in a campaign, is printed
 * with scenario, committee and seed; it gets a line here with what was wrong, and the fix with it.
 */
import { describe, expect, it } from 'vitest'
import { scenarios } from './scenarios/all.ts'

interface FailingSeed {
  readonly scenario: string
  readonly seats: number
  readonly seed: number
  /** What the run found. */
  readonly fault: string
}

const failingSeeds: readonly FailingSeed[] = [
  {
    scenario: 'tampered-proposal',
    seats: 4,
    seed: 1,
    fault: 'a changed copy of a proposal made its receivers skip the view of the leader',
  },
  {
    scenario: 'frozen-tab',
    seats: 4,
    seed: 1,
    fault: 'a simulated tab that woke asked nobody and never signed again',
  },
  {
    scenario: 'random-faults',
    seats: 7,
    seed: 700_043,
    fault: 'a seat told a recovering one of a certificate before its own SKIP in it was durable',
  },
  {
    scenario: 'random-faults',
    seats: 7,
    seed: 700_060,
    fault: 'a simulated node took a final block from another, and then its own a second time',
  },
  {
    scenario: 'partition-at-hand-over',
    seats: 4,
    seed: 700_372,
    fault: 'a simulated node showed nobody the boundary of an epoch that they still spoke of',
  },
  {
    scenario: 'ledger-faults',
    seats: 21,
    seed: 700_551,
    fault: 'the scenario ended in the second in which the epoch that it waited for began',
  },
]

describe('runs that once failed', () => {
  it.each(failingSeeds)(
    '$scenario of $seats, seed $seed: $fault',
    { timeout: 900_000 },
    ({ scenario, seats, seed }) => {
      const found = scenarios.find(({ name }) => name === scenario)
      expect(found?.run({ seats, seed }).failures).toEqual([])
    },
  )
})
