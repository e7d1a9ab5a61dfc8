import { describe, expect, it } from 'vitest'
import { scene } from '../../e2e/page/scenes.ts'
import type { NodeSnapshot } from '../node/api.ts'
import { networkSummary, pathWords, peerRows } from './network.ts'

const { snapshot } = scene('seated', 1_795_000_000_000)
if (snapshot === undefined) throw new Error('the scene has a node')
const recorded: NodeSnapshot = snapshot

function connected(...peers: readonly [path: string, isRelay: boolean][]): NodeSnapshot {
  return {
    ...recorded,
    peers: peers.map(([path, isRelay], index) => ({
      peer: `12D3KooW${String(index)}`,
      path,
      isRelay,
      roundTripMs: 20,
      seat: undefined,
    })),
  }
}

describe('UX-1 who this tab is connected to, each counted once', () => {
  it('counts a relay as a relay, and not as a peer', () => {
    expect(networkSummary(recorded)).toMatchObject({
      title: 'Connected to 10 peers.',
      peerCount: 10,
      directCount: 8,
      relayedCount: 2,
      relayCount: 1,
    })
  })

  it('has no direct link, and no peer, with a relay alone', () => {
    expect(networkSummary(connected(['websocket', true]))).toMatchObject({
      title: 'Connected to a relay, looking for peers.',
      directCount: 0,
      resilient: false,
    })
    expect(networkSummary(connected()).title).toBe('Looking for peers.')
  })

  it('takes a node that is reached over WebSocket for a direct link', () => {
    const { directCount, resilient } = networkSummary(connected(['websocket', false]))
    expect([directCount, resilient]).toEqual([1, true])
  })

  it('lists relays last, each with its path', () => {
    const rows = peerRows(
      connected(['webrtc-direct', true], ['webrtc', false], ['websocket', false]),
    )
    expect(rows.map(pathWords)).toEqual(['direct, WebRTC', 'direct, WebSocket', 'a relay, WebRTC'])
    expect(peerRows(connected(['relayed', false])).map(pathWords)).toEqual(['through a relay'])
  })
})
