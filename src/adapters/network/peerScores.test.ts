import { describe, expect, it } from 'vitest'
import type { PeerId } from '../../ports/transport.ts'
import { isStrangerReason, PeerScores, pointsOf, scoreLimits } from './peerScores.ts'
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

  it('a peer of another chain stays out for a minute, without a point (ENC-2)', () => {
    const clock = new ManualClock()
    const scores = new PeerScores(clock)
    expect(isStrangerReason('PEER_OTHER_GENESIS')).toBe(true)
    expect(isStrangerReason('MESSAGE_MALFORMED')).toBe(false)
    expect([scores.exclude(peer), scores.exclude(peer)]).toEqual([true, false])
    expect([scores.isBlocked(peer), scores.points(peer)]).toEqual([true, 0])
    clock.advance(scoreLimits.strangerMs)
    expect(scores.isBlocked(peer)).toBe(false)
    // Who misbehaves as well is not let in earlier for it.
    scores.penalise(peer, scoreLimits.blockAtPoints)
    expect(scores.exclude(peer)).toBe(false)
    clock.advance(scoreLimits.strangerMs)
    expect(scores.isBlocked(peer)).toBe(true)
  })

  it('a point does not lift what keeps a peer out', () => {
    const clock = new ManualClock()
    const scores = new PeerScores(clock)
    scores.exclude(peer)
    expect(scores.penalise(peer)).toBe(false)
    expect(scores.isBlocked(peer)).toBe(true)
    clock.advance(scoreLimits.strangerMs)
    expect(scores.isBlocked(peer)).toBe(false)
    scores.penalise(peer, scoreLimits.blockAtPoints)
    // Points have faded, the ban has not.
    clock.advance(scoreLimits.blockMs - 1)
    expect(scores.penalise(peer)).toBe(false)
    expect(scores.isBlocked(peer)).toBe(true)
    clock.advance(1)
    expect(scores.isBlocked(peer)).toBe(false)
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
