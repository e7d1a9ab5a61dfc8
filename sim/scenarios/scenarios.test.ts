/** Every scenario once among four seats, some also with real signatures or among 21. */
import { describe, expect, it } from 'vitest'
import { blsBlst } from '../../src/adapters/crypto/blsBlst.ts'
import { scenarios } from './all.ts'

describe('with real signatures (SIG-1)', () => {
  it.each(['quiet', 'double-vote', 'mass-crash'])('%s', { timeout: 120_000 }, (name) => {
    const scenario = scenarios.find((one) => one.name === name)
    expect(scenario?.run({ seed: 2, seats: 4, bls: blsBlst }).failures).toEqual([])
  })
})

describe('among 21 seats, six of them faulty (BFT-11)', () => {
  const large = ['mass-crash', 'partition-14-7', 'double-vote', 'clock-skew', 'amnesia']
  it.each([...large, 'random-faults'])('%s', { timeout: 240_000 }, (name) => {
    const scenario = scenarios.find((one) => one.name === name)
    expect(scenario?.run({ seed: 1, seats: 21 }).failures).toEqual([])
  })
})

describe('each scenario keeps every invariant', () => {
  for (const { name, about, run } of scenarios) {
    it(`${name}: ${about}`, { timeout: 120_000 }, () => {
      expect(run({ seed: 1, seats: 4 }).failures).toEqual([])
    })
  }
})
