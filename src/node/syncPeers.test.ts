import { describe, expect, it } from 'vitest'
import type { PeerId } from '../ports/transport.ts'
import { SyncPeers } from './syncPeers.ts'

const ids = (...names: readonly string[]): PeerId[] => names.map((name) => name as PeerId)
const connected = ids('a', 'b', 'c', 'd')
const [a, b] = ids('a', 'b') as [PeerId, PeerId]

describe('SYNC-1: whom to ask for blocks', () => {
  it('takes everybody in turn, and who is said to be ahead first', () => {
    const peers = new SyncPeers()
    expect(peers.next(connected, undefined, 3)).toEqual(ids('a', 'b', 'c'))
    expect(peers.next(connected, undefined, 3)).toEqual(ids('d', 'a', 'b'))
    expect(peers.next(connected, a, 3)).toEqual(ids('a', 'c', 'd'))
    expect(peers.next([], a, 3)).toEqual([])
  })

  it('asks nobody who owes an answer', () => {
    const peers = new SyncPeers()
    peers.asked(a)
    expect(peers.next(connected, a, 4)).toEqual(ids('b', 'c', 'd'))
    peers.answered(a, true)
    expect(new Set(peers.next(connected, a, 4))).toEqual(new Set(connected))
  })

  it('asks last who gave nothing, whoever recommends it, until it gives something', () => {
    const peers = new SyncPeers()
    for (const peer of [a, b]) {
      peers.asked(peer)
      peers.answered(peer, false)
    }
    expect(peers.next(connected, a, 2)).toEqual(ids('c', 'd'))
    expect(new Set(peers.next(connected, a, 4).slice(2))).toEqual(new Set([a, b]))
    peers.answered(a, true)
    expect(peers.next(connected, a, 1)).toEqual([a])
  })
})
