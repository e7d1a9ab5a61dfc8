import { describe, expect, it } from 'vitest'
import { seededRandom } from './base/random.ts'
import { Followers, type Dissemination } from './followers.ts'
import { regionSets } from './network/regions.ts'
import { homeIn } from './network/links.ts'
import { quantiles } from './metrics.ts'

const regions = regionSets['ten'] ?? []
const checkMs = 10

/** Seats send COMMIT after 100 ms, and have the certificate after `finalAfterMs`. */
function reached(dissemination: Dissemination, finalAfterMs: number): readonly number[] {
  const random = seededRandom(5)
  const seats = Array.from({ length: 21 }, (_none, index) =>
    homeIn(regions[index % regions.length] ?? 'eu-central-1', random, 20),
  )
  const at = (ms: number): ReadonlyMap<number, number> =>
    new Map(seats.map((_seat, id) => [id, ms]))
  const options = { count: 600, regions, seats, dissemination, uploadMbps: 20, checkMs, random }
  const followers = new Followers({ ...options, relayCheckMs: 2 })
  return [...followers.reach({ finalMs: at(finalAfterMs), commitMs: at(100) })]
}

describe('SYNC-2: a certificate reaches every follower', () => {
  it.each(['relays', 'commits', 'peers'] as const)('%s, and each one checks it', (how) => {
    const times = reached(how, 400)
    expect(times).toHaveLength(600)
    expect(Math.min(...times)).toBeGreaterThan(100 + checkMs)
  })

  it('relays that hear each COMMIT have it before a late certificate, and never after it', () => {
    const late = [reached('relays', 900), reached('commits', 900)].map(
      (list) => quantiles(list).p95,
    )
    expect((late[0] ?? 0) - (late[1] ?? 0)).toBeGreaterThan(200)
    const early = [reached('relays', 101), reached('commits', 101)].map(
      (list) => quantiles(list).p95,
    )
    expect(Math.abs((early[0] ?? 0) - (early[1] ?? 0))).toBeLessThan(40)
  })
})
