import { describe, expect, it } from 'vitest'
import { Backoff, randomBelow } from './backoff.ts'
import { seededRandom } from './testPlatform.ts'

describe('NET-5 back-off', () => {
  it('doubles up to its limit, half of each wait by chance', () => {
    const backoff = new Backoff({ firstMs: 100, maxMs: 1_000 }, seededRandom(1))
    for (const fullMs of [100, 200, 400, 800, 1_000, 1_000, 1_000]) {
      const waitMs = backoff.nextMs()
      expect(waitMs).toBeGreaterThanOrEqual(fullMs / 2)
      expect(waitMs).toBeLessThanOrEqual(fullMs)
    }
    expect(backoff.failures).toBe(7)
    backoff.reset()
    expect(backoff.nextMs()).toBeLessThanOrEqual(100)
  })

  it('spreads many peers that failed at the same time', () => {
    const random = seededRandom(2)
    const waits = Array.from({ length: 50 }, () =>
      new Backoff({ firstMs: 4_000, maxMs: 4_000 }, random).nextMs(),
    )
    expect(new Set(waits).size).toBeGreaterThan(40)
  })

  it('stays finite after very many failures', () => {
    const backoff = new Backoff({ firstMs: 500, maxMs: 8_000 }, seededRandom(3))
    for (let count = 0; count < 2_000; count += 1) {
      expect(backoff.nextMs()).toBeLessThanOrEqual(8_000)
    }
  })

  it('chooses below the bound', () => {
    const random = seededRandom(4)
    const seen = new Set(Array.from({ length: 200 }, () => randomBelow(random, 5)))
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4])
  })
})
