/** What every part of the adapter stands on: the libp2p node, who is connected, whom to trust. */
import type { PeerId, PeerInfo, Topic } from '../../ports/transport.ts'
import { newCounters, type NetworkCounters } from './counters.ts'
import { GossipLinks } from './gossipLinks.ts'
import { createHost, type Host } from './host.ts'
import type { NetworkOptions } from './options.ts'
import { PeerBook } from './peerBook.ts'
import { PeerScores } from './peerScores.ts'
import { peerName, PeerTable } from './peerTable.ts'
import { protocolName, topics as allTopics } from './protocols.ts'
import type { Role } from './role.ts'

export interface Base {
  readonly topics: readonly Topic[]
  readonly host: Host
  readonly self: PeerId
  readonly counters: NetworkCounters
  readonly peers: PeerTable
  readonly book: PeerBook
  readonly scores: PeerScores
  readonly links: GossipLinks
  readonly penalise: (peer: PeerId, points?: number) => void
  /** A peer of another chain (ENC-2). */
  readonly exclude: (peer: PeerId) => void
  readonly onConnectionsChanged: (handler: (peer: PeerId) => void) => void
  readonly onPeersChanged: (handler: (peers: readonly PeerInfo[]) => void) => void
}

/**
 * A relay forwards what others wrote, unjudged. Those that this node was given may not be lost over
 * it, or one spammer could cut everybody off; whoever merely claims to be a relay has no such
 * grace.
 */
const ownRelayScore = 1_000

export async function createBase(options: NetworkOptions, role: Role): Promise<Base> {
  const { chainId, clock, random, peerSeed } = options
  const topics = options.topics ?? allTopics
  const counters = newCounters()
  const scores = new PeerScores(clock)
  const book = new PeerBook(clock, random)
  const links = new GossipLinks(clock)
  const isOwnRelay = (peer: PeerId): boolean => book.get(peer)?.isBootstrap === true
  const isBlocked = (peer: PeerId): boolean => scores.isBlocked(peer)
  const gossipScore = (peer: PeerId): number =>
    (isOwnRelay(peer) ? ownRelayScore : 0) - 10 * scores.points(peer)
  const host = await createHost(
    { chainId, topics, peerSeed, links, isBlocked, gossipScore },
    role.host,
  )
  const changes = new Changes()
  const peers = new PeerTable(host, protocolName(chainId, 'direct'), (peer) => {
    changes.emit(peer, peers)
  })
  links.start(peers)
  changes.onConnections((peer) => {
    links.connectionsChanged(peer)
  })
  learnFromIdentify(host, peers, book)
  const drop = (peer: PeerId): void => {
    counters.peersBlocked += 1
    for (const connection of peers.connections(peer)) connection.abort(new Error('peer blocked'))
  }
  const penalise = (peer: PeerId, points = 1): void => {
    if (!isOwnRelay(peer) && scores.penalise(peer, points)) drop(peer)
  }
  const exclude = (peer: PeerId): void => {
    if (!isOwnRelay(peer) && scores.exclude(peer)) drop(peer)
  }
  return {
    topics,
    host,
    self: peerName(host.peerId),
    counters,
    peers,
    book,
    scores,
    links,
    penalise,
    exclude,
    onConnectionsChanged: (handler) => {
      changes.onConnections(handler)
    },
    onPeersChanged: (handler) => {
      changes.onPeers(handler)
    },
  }
}

/** Where a connected peer listens, for dialling it again when the connection is lost. */
function learnFromIdentify(host: Host, peers: PeerTable, book: PeerBook): void {
  host.addEventListener('peer:identify', ({ detail }) => {
    const peer = peerName(detail.peerId)
    if (!peers.isMember(peer) && !peers.isRelay(peer)) return
    book.learn(
      peer,
      detail.listenAddrs.map((address) => address.toString()),
    )
  })
}

/** Parts hear of each change; the node once for all that changes in one turn of the event loop. */
class Changes {
  readonly #connections: ((peer: PeerId) => void)[] = []
  readonly #peers: ((peers: readonly PeerInfo[]) => void)[] = []
  #pending = false

  onConnections(handler: (peer: PeerId) => void): void {
    this.#connections.push(handler)
  }

  onPeers(handler: (peers: readonly PeerInfo[]) => void): void {
    this.#peers.push(handler)
  }

  emit(peer: PeerId, table: PeerTable): void {
    for (const handler of this.#connections) handler(peer)
    if (this.#pending) return
    this.#pending = true
    queueMicrotask(() => {
      this.#pending = false
      const list = table.list()
      for (const handler of this.#peers) handler(list)
    })
  }
}
