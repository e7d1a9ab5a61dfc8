/** Peers by path, and what that means for this tab. A relay is no peer: it is counted apart. */

import type { NodeSnapshot } from '../node/api.ts'
import { plural } from './format.ts'

type Peer = NodeSnapshot['peers'][number]

export interface NetworkSummary {
  readonly title: string
  readonly text: string
  readonly peerCount: number
  /** Without a relay between: over WebRTC, or over WebSocket to a node that anybody can reach. */
  readonly directCount: number
  readonly relayedCount: number
  readonly relayCount: number
  readonly reach: string
  /** It would go on when every relay stopped. */
  readonly resilient: boolean
}

export function networkSummary(snapshot: NodeSnapshot | undefined): NetworkSummary {
  const { peerCount, directCount, relayCount } = peerCounts(snapshot?.peers ?? [])
  return {
    title: titleOf(snapshot, peerCount, relayCount),
    text:
      'Relays introduce tabs to each other; then tabs talk directly where their ' +
      'networks let them. No relay is trusted.',
    peerCount,
    directCount,
    relayedCount: peerCount - directCount,
    relayCount,
    reach:
      directCount > 0
        ? `This tab and others reach each other directly: ${plural(directCount, 'direct link')}. ` +
          'It would go on without any relay.'
        : 'No direct link yet, so this tab depends on a relay. Some networks forbid direct ' +
          'links; it works, a little slower.',
    resilient: directCount > 0,
  }
}

export function peerCounts(
  peers: readonly Peer[],
): Pick<NetworkSummary, 'peerCount' | 'directCount' | 'relayCount'> {
  const others = peers.filter(({ isRelay }) => !isRelay)
  return {
    peerCount: others.length,
    directCount: others.filter(({ path }) => path !== 'relayed').length,
    relayCount: peers.length - others.length,
  }
}

/** Peers as they are listed: relays last, for whoever reads on. */
export function peerRows(snapshot: NodeSnapshot | undefined): readonly Peer[] {
  return [...(snapshot?.peers ?? [])].sort(
    (left, right) => Number(left.isRelay) - Number(right.isRelay),
  )
}

export function pathWords({ path, isRelay }: Peer): string {
  if (path === 'relayed') return 'through a relay'
  const over = path === 'websocket' ? 'WebSocket' : 'WebRTC'
  return `${isRelay ? 'a relay' : 'direct'}, ${over}`
}

function titleOf(
  snapshot: NodeSnapshot | undefined,
  peerCount: number,
  relayCount: number,
): string {
  if (snapshot === undefined) return 'This tab follows through a relay.'
  if (peerCount > 0) return `Connected to ${plural(peerCount, 'peer')}.`
  return relayCount === 0 ? 'Looking for peers.' : 'Connected to a relay, looking for peers.'
}
