import { describe, expect, it } from 'vitest'
import type { PeerId } from '../../ports/transport.ts'
import { PeerScores, pointsOf, scoreLimits } from './peerScores.ts'
import { ManualClock } from './testPlatform.ts'

const peer = 'peer' as PeerId

describe('NET-5 penalties and the blocklist', () => {
  it('block a peer that goes on, once, and let it back in later', () => {
    const clock = new ManualClock()
    const scores = new PeerScores(clock)
    const results = [1, 1, 1, 1, 1, 1].map((points) => scores.penalise(peer, points))
    expect(results).toEqual([false, false, false, false, true, false])
    expect(scores.isBlocked(peer)).toBe(true)
    clock.advance(scoreLimits.blockMs)
    expect(scores.isBlocked(peer)).toBe(false)
  })

  it('a bad chunk of a snapshot blocks its sender at once (SYNC-3), a bad message does not', () => {
    const scores = new PeerScores(new ManualClock())
    expect(scores.penalise(peer, pointsOf('MESSAGE_MALFORMED'))).toBe(false)
    expect(scores.isBlocked(peer)).toBe(false)
    expect(scores.penalise(peer, pointsOf('SNAPSHOT_CHUNK_INVALID'))).toBe(true)
    expect(scores.isBlocked(peer)).toBe(true)
  })

  it('fade, so that rare mistakes never add up', () => {
    const clock = new ManualClock()
    const scores = new PeerScores(clock)
    for (let count = 0; count < 100; count += 1) {
      expect(scores.penalise(peer)).toBe(false)
      clock.advance(scoreLimits.fadeMsPerPoint)
    }
    expect(scores.points(peer)).toBe(0)
  })

  it('remember a bounded number of peers', () => {
    const scores = new PeerScores(new ManualClock())
    scores.penalise(peer, scoreLimits.blockAtPoints)
    for (let count = 0; count < scoreLimits.trackedPeersMax; count += 1) {
      scores.penalise(`other ${String(count)}` as PeerId)
    }
    expect(scores.isBlocked(peer)).toBe(false)
  })
})
