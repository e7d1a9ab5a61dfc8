import { describe, expect, it } from 'vitest'
import type { PeerId } from '../ports/transport.ts'
import { GivenBlocks } from './givenBlocks.ts'

const [a, b, c] = ['a', 'b', 'c'].map((name) => name as PeerId) as [PeerId, PeerId, PeerId]
const all = [a, b, c]
const height = 7

function at(): { readonly given: GivenBlocks; readonly clock: { ms: number } } {
  const clock = { ms: 1_000_000 }
  return { given: new GivenBlocks(() => clock.ms), clock }
}

describe('SYNC-1: when a snapshot is forced', () => {
  it('when every peer has forgotten the next block, and not before', () => {
    const { given } = at()
    for (const peer of all) {
      expect(given.isForced(all, height)).toBe(false)
      given.note(peer, height, true)
    }
    expect(given.isForced(all, height)).toBe(true)
    // What another one says now counts.
    given.note(b, height, false)
    expect(given.isForced(all, height)).toBe(false)
  })

  it('when nobody gave it within half a minute', () => {
    const { given, clock } = at()
    given.note(a, height, true)
    clock.ms += 29_999
    expect(given.isForced(all, height)).toBe(false)
    given.note(a, height, true)
    clock.ms += 1
    expect(given.isForced(all, height)).toBe(true)
    clock.ms -= 3_600_000
    expect(given.isForced(all, height)).toBe(false)
    clock.ms += 30_000
    expect(given.isForced(all, height)).toBe(true)
  })

  it('not after a block that came, nor for late answers about it', () => {
    const { given, clock } = at()
    for (const peer of all) given.note(peer, height, true)
    expect(given.isForced(all, height + 1)).toBe(false)
    given.note(a, height, true)
    clock.ms += 60_000
    expect(given.isForced(all, height + 1)).toBe(false)
  })

  it('not by those who are gone', () => {
    const { given, clock } = at()
    given.note(a, height, true)
    clock.ms += 60_000
    expect(given.isForced([b, c], height)).toBe(false)
    expect(given.isForced([], height)).toBe(false)
    given.note(b, height, true)
    expect(given.isForced([b], height)).toBe(true)
  })
})
