/** Every scenario once among four seats. */
import { describe, expect, it } from 'vitest'
import { blsBlst } from '../../src/adapters/crypto/blsBlst.ts'
import { scenarios } from './all.ts'

describe('with real signatures (SIG-1)', () => {
  it.each(['quiet', 'double-vote', 'mass-crash'])('%s', { timeout: 120_000 }, (name) => {
    const scenario = scenarios.find((one) => one.name === name)
    expect(scenario?.run({ seed: 2, seats: 4, bls: blsBlst }).failures).toEqual([])
  })
})

describe('each scenario keeps every invariant', () => {
  for (const { name, about, run } of scenarios) {
    it(`${name}: ${about}`, { timeout: 120_000 }, () => {
      expect(run({ seed: 1, seats: 4 }).failures).toEqual([])
    })
  }
})
