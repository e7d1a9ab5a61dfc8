/** How a connection reaches its peer, and which of several to use (NET-12). */
import type { Connection } from '@libp2p/interface'
import type { PathKind } from '../../ports/transport.ts'

const rank: Record<PathKind, number> = { webrtc: 0, 'webrtc-direct': 1, websocket: 1, relayed: 2 }

/**
 * Of an address as libp2p prints it: what follows the circuit decides, the relay's own part does
 * not.
 */
export function pathOfAddress(address: string): PathKind {
  const circuit = address.lastIndexOf('/p2p-circuit')
  if (circuit >= 0) return address.slice(circuit).includes('/webrtc') ? 'webrtc' : 'relayed'
  if (address.includes('/webrtc-direct')) return 'webrtc-direct'
  return address.includes('/webrtc') ? 'webrtc' : 'websocket'
}

export function pathOf(connection: Connection): PathKind {
  return pathOfAddress(connection.remoteAddr.toString())
}

export function isRelayed(connection: Connection): boolean {
  return pathOf(connection) === 'relayed'
}

/**
 * The open connection to use: direct before relayed, then the oldest, so that both ends settle on
 * one.
 */
export function bestConnection(connections: readonly Connection[]): Connection | undefined {
  let best: Connection | undefined
  for (const connection of connections) {
    if (connection.status !== 'open') continue
    if (best === undefined || isBetter(connection, best)) best = connection
  }
  return best
}

function isBetter(left: Connection, right: Connection): boolean {
  const difference = rank[pathOf(left)] - rank[pathOf(right)]
  return difference === 0 ? left.timeline.open < right.timeline.open : difference < 0
}
