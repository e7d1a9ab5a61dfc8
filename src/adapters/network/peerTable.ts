/**
 * Who is connected, over which paths, and what each peer speaks (NET-12).
 *
 * The table follows libp2p's connection and identify events; everything else in the adapter asks it
 * instead of converting peer ids back and forth.
 */
import type { Connection, Libp2p } from '@libp2p/interface'
import type { PathKind, PeerId, PeerInfo } from '../../ports/transport.ts'
import { bestConnection, pathOf } from './paths.ts'
import { hopProtocol } from './protocols.ts'

interface Entry {
  readonly connections: Set<Connection>
  /** Of the first one; later ones may only be a better path. */
  readonly isInbound: boolean
  protocols: ReadonlySet<string>
}

export class PeerTable {
  readonly #entries = new Map<PeerId, Entry>()
  readonly #chainProtocol: string
  readonly #onChange: (peer: PeerId) => void

  /** `chainProtocol` is what only members of this chain speak. */
  constructor(host: Libp2p, chainProtocol: string, onChange: (peer: PeerId) => void) {
    this.#chainProtocol = chainProtocol
    this.#onChange = onChange
    for (const connection of host.getConnections()) this.#opened(connection)
    host.addEventListener('connection:open', ({ detail }) => {
      this.#opened(detail)
    })
    host.addEventListener('connection:close', ({ detail }) => {
      this.#closed(detail)
    })
    host.addEventListener('peer:identify', ({ detail }) => {
      this.#identified(peerName(detail.peerId), detail.protocols)
    })
    host.addEventListener('peer:update', ({ detail }) => {
      this.#identified(peerName(detail.peer.id), detail.peer.protocols)
    })
  }

  best(peer: PeerId): Connection | undefined {
    return bestConnection(this.connections(peer))
  }

  connections(peer: PeerId): readonly Connection[] {
    return [...(this.#entries.get(peer)?.connections ?? [])]
  }

  connected(): readonly PeerId[] {
    return [...this.#entries.keys()]
  }

  path(peer: PeerId): PathKind | undefined {
    const best = this.best(peer)
    return best === undefined ? undefined : pathOf(best)
  }

  speaks(peer: PeerId, protocol: string): boolean {
    return this.#entries.get(peer)?.protocols.has(protocol) === true
  }

  isMember(peer: PeerId): boolean {
    return this.speaks(peer, this.#chainProtocol)
  }

  isRelay(peer: PeerId): boolean {
    return this.speaks(peer, hopProtocol)
  }

  /** Members of the chain and relays; who has not said what it speaks yet is left out. */
  list(): readonly PeerInfo[] {
    const infos: PeerInfo[] = []
    for (const peer of this.#entries.keys()) {
      const info = this.#info(peer)
      if (info !== undefined) infos.push(info)
    }
    return infos
  }

  #info(peer: PeerId): PeerInfo | undefined {
    const isRelay = this.isRelay(peer)
    const connection = this.best(peer)
    if (connection === undefined || !(isRelay || this.isMember(peer))) return undefined
    const isInbound = this.#entries.get(peer)?.isInbound === true
    const info = { peer, path: pathOf(connection), isRelay, isInbound }
    return connection.rtt === undefined ? info : { ...info, roundTripMs: connection.rtt }
  }

  #opened(connection: Connection): void {
    const peer = peerName(connection.remotePeer)
    const entry = this.#entries.get(peer)
    if (entry === undefined) {
      const isInbound = connection.direction === 'inbound'
      const connections = new Set([connection])
      this.#entries.set(peer, { connections, isInbound, protocols: new Set() })
    } else {
      entry.connections.add(connection)
    }
    this.#onChange(peer)
  }

  #closed(connection: Connection): void {
    const peer = peerName(connection.remotePeer)
    const entry = this.#entries.get(peer)
    if (entry === undefined) return
    entry.connections.delete(connection)
    if (entry.connections.size === 0) this.#entries.delete(peer)
    this.#onChange(peer)
  }

  #identified(peer: PeerId, protocols: readonly string[]): void {
    const entry = this.#entries.get(peer)
    if (entry === undefined || protocols.length === 0) return
    entry.protocols = new Set(protocols)
    this.#onChange(peer)
  }
}

export function peerName(peer: { toString(): string }): PeerId {
  return peer.toString() as PeerId
}
