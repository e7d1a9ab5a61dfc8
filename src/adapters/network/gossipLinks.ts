/**
 * Chooses the connection that gossip runs on, and repairs what the library loses.
 *
 * @libp2p/gossipsub 17.1 opens one stream for each peer, on the first connection it hears of, and
 * never again: when a relayed connection ends after the pair went direct, gossip between the two
 * stays dead. So the registrar that gossipsub sees is ours: it is told of a peer when the path is
 * worth using, and told again whenever its stream is gone while a connection remains (NET-12).
 */
import type { Connection, PeerId as HostPeerId, Topology } from '@libp2p/interface'
import type { Registrar } from '@libp2p/interface-internal'
import type { GossipSub } from '@libp2p/gossipsub'
import type { Clock } from '../../ports/clock.ts'
import type { PeerId } from '../../ports/transport.ts'
import { isRelayed } from './paths.ts'
import { peerName, type PeerTable } from './peerTable.ts'

export const gossipLinkTimes = {
  /** A relayed connection usually turns direct within this; gossip waits for that. */
  relayedGraceMs: 3_000,
  /** After a connection closed, before gossip moves: the library's own clean-up comes late. */
  settleMs: 300,
  /** Streams are there but the peer's subscriptions are not: start over after this. */
  deafMs: 6_000,
  attachingMs: 5_000,
} as const

interface Attachment {
  readonly peerId: HostPeerId
  readonly sinceMs: number
  attachingSinceMs: number | undefined
  deafSinceMs: number | undefined
}

export class GossipLinks {
  readonly #clock: Clock
  readonly #attachments = new Map<PeerId, Attachment>()
  #topology: Topology | undefined
  #peers: PeerTable | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The registrar for gossipsub: everything as it is, but peers are announced by us. */
  wrap(registrar: Registrar): Registrar {
    return {
      getProtocols: () => registrar.getProtocols(),
      handle: (protocol, handler, options) => registrar.handle(protocol, handler, options),
      unhandle: (protocol, options) => registrar.unhandle(protocol, options),
      getHandler: (protocol) => registrar.getHandler(protocol),
      use: (protocol, middleware) => {
        registrar.use(protocol, middleware)
      },
      unuse: (protocol) => {
        registrar.unuse(protocol)
      },
      getMiddleware: (protocol) => registrar.getMiddleware(protocol),
      getTopologies: (protocol) => registrar.getTopologies(protocol),
      unregister: (id) => {
        registrar.unregister(id)
      },
      register: (protocol, topology, options) => {
        this.#topology = topology
        return registrar.register(protocol, this.#intercepted(topology), options)
      },
    }
  }

  start(peers: PeerTable): void {
    this.#peers = peers
  }

  /** A connection of this peer opened or closed: look again once that has settled. */
  connectionsChanged(peer: PeerId): void {
    this.#clock.after(gossipLinkTimes.settleMs, () => {
      this.#attach(peer)
    })
  }

  /** Called every second or so. */
  tick(pubsub: GossipSub): void {
    const heard = new Set<PeerId>()
    for (const topic of pubsub.getTopics()) {
      for (const peer of pubsub.getSubscribers(topic)) heard.add(peerName(peer))
    }
    for (const peer of this.#attachments.keys()) {
      this.#attach(peer)
      this.#restartDeaf(peer, heard.has(peer))
    }
  }

  #intercepted(topology: Topology): Topology {
    return {
      notifyOnLimitedConnection: true,
      onConnect: (peerId) => {
        const peer = peerName(peerId)
        if (!this.#attachments.has(peer)) this.#attachments.set(peer, this.#attachment(peerId))
        this.#attach(peer)
      },
      onDisconnect: async (peerId) => {
        this.#attachments.delete(peerName(peerId))
        await topology.onDisconnect?.(peerId)
      },
    }
  }

  #attachment(peerId: HostPeerId): Attachment {
    const sinceMs = this.#clock.nowMs()
    return { peerId, sinceMs, attachingSinceMs: undefined, deafSinceMs: undefined }
  }

  #attach(peer: PeerId): void {
    const attachment = this.#attachments.get(peer)
    const best = this.#peers?.best(peer)
    if (attachment === undefined || best === undefined) return
    const nowMs = this.#clock.nowMs()
    if (gossipStreams(this.#peers?.connections(peer) ?? [], 'outbound').length > 0) {
      attachment.attachingSinceMs = undefined
      return
    }
    const waitedMs = nowMs - (attachment.attachingSinceMs ?? Number.NEGATIVE_INFINITY)
    if (waitedMs < gossipLinkTimes.attachingMs) return
    if (isRelayed(best) && nowMs - attachment.sinceMs < gossipLinkTimes.relayedGraceMs) return
    attachment.attachingSinceMs = nowMs
    void this.#topology?.onConnect?.(attachment.peerId, best)
  }

  #restartDeaf(peer: PeerId, heard: boolean): void {
    const attachment = this.#attachments.get(peer)
    if (attachment === undefined) return
    const connections = this.#peers?.connections(peer) ?? []
    const isMember = this.#peers?.isMember(peer) === true
    if (heard || !isMember || gossipStreams(connections, 'outbound').length === 0) {
      attachment.deafSinceMs = undefined
      return
    }
    const nowMs = this.#clock.nowMs()
    attachment.deafSinceMs ??= nowMs
    if (nowMs - attachment.deafSinceMs < gossipLinkTimes.deafMs) return
    attachment.deafSinceMs = undefined
    attachment.attachingSinceMs = undefined
    // The peer sees its streams reset, so its side opens new ones and subscribes again.
    for (const stream of gossipStreams(connections)) stream.abort(new Error('gossip restarts'))
    void this.#topology?.onDisconnect?.(attachment.peerId)
  }
}

function gossipStreams(
  connections: readonly Connection[],
  direction?: 'inbound' | 'outbound',
): readonly Connection['streams'][number][] {
  return connections.flatMap((connection) =>
    connection.streams.filter(
      (stream) =>
        stream.status === 'open' &&
        stream.protocol.startsWith('/meshsub/') &&
        (direction === undefined || stream.direction === direction),
    ),
  )
}
