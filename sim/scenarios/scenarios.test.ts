/** Every scenario once among four seats. */
import { describe, expect, it } from 'vitest'
import { scenarios } from './all.ts'

describe('each scenario keeps every invariant', () => {
  for (const { name, about, run } of scenarios) {
    it(`${name}: ${about}`, { timeout: 120_000 }, () => {
      expect(run({ seed: 1, seats: 4 }).failures).toEqual([])
    })
  }
})
