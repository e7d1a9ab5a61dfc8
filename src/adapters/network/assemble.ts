/** Puts the parts together into the `Transport` of the port; the same for browsers, Node and relays. */
import { assert } from '../../core/base/assert.ts'
import type { PeerId, PeerInfo } from '../../ports/transport.ts'
import { newCounters } from './counters.ts'
import { DirectChannels } from './directChannels.ts'
import { Gossip } from './gossip.ts'
import { GossipLinks } from './gossipLinks.ts'
import { createHost } from './host.ts'
import { Liveness } from './liveness.ts'
import { Mesh } from './mesh.ts'
import type { NetworkOptions, NetworkTransport } from './options.ts'
import { PeerBook } from './peerBook.ts'
import { PeerExchange } from './peerExchange.ts'
import { peerOfAddress } from './peerRecords.ts'
import { PeerScores } from './peerScores.ts'
import { peerName, PeerTable } from './peerTable.ts'
import { isChainId, protocolName, topics as allTopics } from './protocols.ts'
import { Requests } from './requests.ts'
import { Reservations } from './reservations.ts'
import { createFacade } from './facade.ts'
import type { Parts, Role } from './parts.ts'

export async function assembleTransport(
  options: NetworkOptions,
  role: Role,
): Promise<NetworkTransport> {
  assert(isChainId(options.chainId), 'a chain id is made of letters, digits and dashes')
  const parts = await createParts(options, role)
  for (const address of [...options.relays, ...(options.remembered ?? [])]) {
    const peer = peerOfAddress(address)
    const isRelay = options.relays.includes(address)
    if (peer !== undefined) parts.book.learn(peer, [address], isRelay)
  }
  await Promise.all([parts.direct.start(), parts.exchange.start()])
  await parts.host.start()
  parts.gossip.start()
  return createFacade(parts)
}

async function createParts(options: NetworkOptions, role: Role): Promise<Parts> {
  const { chainId, clock, random } = options
  const topics = options.topics ?? allTopics
  const counters = newCounters()
  const scores = new PeerScores(clock)
  const links = new GossipLinks(clock)
  const gossipScore = (peer: PeerId): number =>
    (table.isRelay(peer) ? 50 : 0) - 10 * scores.points(peer)
  const host = await createHost(
    {
      chainId,
      topics,
      peerSeed: options.peerSeed,
      links,
      isBlocked: (peer) => scores.isBlocked(peer),
      gossipScore,
    },
    role.host,
  )
  const self = peerName(host.peerId)
  const changed = new Changes()
  const table = new PeerTable(host, protocolName(chainId, 'direct'), (peer) => {
    direct.connectionsChanged(peer)
    links.connectionsChanged(peer)
    changed.emit(table)
  })
  links.start(table)
  const penalise = (peer: PeerId, points = 1): void => {
    if (!scores.penalise(peer, points)) return
    counters.peersBlocked += 1
    for (const connection of table.connections(peer)) connection.abort(new Error('peer blocked'))
  }
  const onViolation = (peer: PeerId): void => {
    penalise(peer, 2)
  }
  const shared = { host, peers: table, counters, onViolation }
  const direct = new DirectChannels({ ...shared, protocol: protocolName(chainId, 'direct') })
  const requests = new Requests(shared)
  const book = new PeerBook(clock, random)
  host.addEventListener('peer:identify', ({ detail }) => {
    const peer = peerName(detail.peerId)
    if (table.isMember(peer) || table.isRelay(peer)) {
      book.learn(
        peer,
        detail.listenAddrs.map((address) => address.toString()),
      )
    }
  })
  const liveness = new Liveness({ host, clock, random })
  const reservations = new Reservations({
    host,
    peers: table,
    clock,
    store: role.circuit?.store(),
  })
  return {
    options,
    self,
    host,
    counters,
    peers: table,
    book,
    scores,
    direct,
    requests,
    links,
    penalise,
    reservations,
    liveness,
    gossip: new Gossip({
      pubsub: host.services.pubsub,
      chainId,
      topics,
      clock,
      counters,
      verdictWithoutHandler: role.verdictWithoutHandler,
    }),
    mesh: new Mesh({
      host,
      self,
      peers: table,
      book,
      clock,
      random,
      counters,
      isBlocked: (peer) => scores.isBlocked(peer),
      peersTarget: options.peersTarget ?? role.peersTarget,
    }),
    exchange: new PeerExchange({
      ...shared,
      self,
      protocol: protocolName(chainId, 'peers'),
      book,
      requests,
      clock,
      random,
      asks: role.asksForPeers,
    }),
    protocol: (name) => protocolName(chainId, name),
    onPeersChanged: (handler) => {
      changed.listen(handler)
    },
  }
}

/** Tells listeners once for all that changes in one turn of the event loop. */
class Changes {
  readonly #handlers: ((peers: readonly PeerInfo[]) => void)[] = []
  #pending = false

  listen(handler: (peers: readonly PeerInfo[]) => void): void {
    this.#handlers.push(handler)
  }

  emit(table: PeerTable): void {
    if (this.#pending) return
    this.#pending = true
    queueMicrotask(() => {
      this.#pending = false
      const list = table.list()
      for (const handler of this.#handlers) handler(list)
    })
  }
}
