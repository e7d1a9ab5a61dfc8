/** Peers by path, and what that means for this tab, in words. */

import type { NodeSnapshot } from '../node/api.ts'
import { plural } from './format.ts'

export const pathNames: Readonly<Record<string, string>> = {
  webrtc: 'direct',
  'webrtc-direct': 'direct to relay',
  websocket: 'WebSocket',
  relayed: 'through a relay',
}

export interface NetworkSummary {
  readonly title: string
  readonly text: string
  readonly paths: readonly { readonly path: string; readonly peerCount: number }[]
  readonly relayCount: number
  readonly reach: string
  /** It would go on when every relay stopped. */
  readonly resilient: boolean
}

export function networkSummary(snapshot: NodeSnapshot | undefined): NetworkSummary {
  const peers = snapshot?.peers ?? []
  const direct = peers.filter(({ path, isRelay }) => path === 'webrtc' && !isRelay).length
  const counts = new Map<string, number>()
  for (const { path } of peers) counts.set(path, (counts.get(path) ?? 0) + 1)
  const relayCount = peers.filter(({ isRelay }) => isRelay).length
  return {
    title: titleOf(snapshot, peers.length),
    text:
      'Relays introduce tabs to each other; then tabs talk directly where their ' +
      'networks let them. No relay is trusted.',
    paths: [...counts].map(([path, peerCount]) => ({ path, peerCount })),
    relayCount,
    reach:
      direct > 0
        ? `Other tabs reach this one directly: ${plural(direct, 'direct link')}. It would ` +
          'go on without any relay.'
        : 'No direct link yet, so this tab depends on a relay. Some networks forbid direct ' +
          'links; it works, a little slower.',
    resilient: direct > 0,
  }
}

function titleOf(snapshot: NodeSnapshot | undefined, peerCount: number): string {
  if (snapshot === undefined) return 'This tab follows through a relay.'
  return peerCount === 0 ? 'Looking for peers.' : `Connected to ${plural(peerCount, 'peer')}.`
}
