import { beforeEach, describe, expect, it } from 'vitest'
import type { PeerId } from '../../src/ports/transport.ts'
import { PeerClaims } from './peerClaims.ts'

const [a, b, c] = ['a', 'b', 'c'].map((name) => name as PeerId) as [PeerId, PeerId, PeerId]
let connected: PeerId[]
let claims: PeerClaims

beforeEach(() => {
  connected = [a, b, c]
  claims = new PeerClaims(() => connected)
})

describe('SYNC-4, ARC-4 what peers of an archive say that they have', () => {
  it('is forgotten with who said it', () => {
    claims.claims(a, 9)
    claims.claims(b, 5)
    expect([claims.highest(), claims.having(6), claims.having(5)]).toEqual([9, [a], [a, b]])
    connected = [b, c]
    expect(claims.highest()).toBe(5)
    connected = [a, b, c]
    expect(claims.having(1)).toEqual([b])
    claims.claims('elsewhere' as PeerId, 70)
    expect(claims.highest()).toBe(5)
  })

  it('ENC-2 is nothing of a stranger, until it is of this chain', () => {
    claims.claims(a, 9)
    claims.noteStranger(a, true)
    claims.claims(a, 9)
    expect([claims.highest(), claims.members()]).toEqual([undefined, [b, c]])
    claims.noteStranger(a, false)
    claims.claims(a, 9)
    expect(claims.highest()).toBe(9)
  })

  it('a block is forgotten by all when none has it and one says to have had it', () => {
    claims.gaveNone(a, 1, 5)
    expect(claims.prunedBelow(1)).toBeUndefined()
    claims.claims(b, 0)
    claims.didNotAnswer(c)
    expect(claims.prunedBelow(1)).toBe(5)
    // It is asked again: it may have the block by now.
    claims.claims(c, 9)
    expect(claims.prunedBelow(1)).toBeUndefined()
    claims.gaveNone(c, 1, 0)
    expect(claims.prunedBelow(1)).toBe(5)
    // Of another block it said nothing.
    expect(claims.prunedBelow(2)).toBeUndefined()
    claims.gaveNone(c, 2, 3)
    expect(claims.prunedBelow(2)).toBe(3)
    expect(claims.prunedBelow(3)).toBeUndefined()
    claims.gave(a, 9)
    expect(claims.prunedBelow(2)).toBeUndefined()
    connected = []
    expect(claims.prunedBelow(2)).toBeUndefined()
  })
})
