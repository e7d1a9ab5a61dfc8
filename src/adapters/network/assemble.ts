/** Puts the parts together into the `Transport` of the port: browsers, Node and relays alike. */
import { assert } from '../../core/base/assert.ts'
import type { PeerId } from '../../ports/transport.ts'
import { createBase, type Base } from './base.ts'
import { DirectChannels } from './directChannels.ts'
import { createFacade } from './facade.ts'
import { Gossip } from './gossip.ts'
import { Liveness } from './liveness.ts'
import { Mesh } from './mesh.ts'
import type { NetworkOptions, NetworkTransport } from './options.ts'
import type { Parts } from './parts.ts'
import { PeerExchange } from './peerExchange.ts'
import { peerOfAddress } from './peerRecords.ts'
import { isChainId, protocolName } from './protocols.ts'
import { Requests } from './requests.ts'
import { Reservations } from './reservations.ts'
import type { Role } from './role.ts'
import { steadyClock } from './steadyClock.ts'

export async function assembleTransport(
  given: NetworkOptions,
  role: Role,
): Promise<NetworkTransport> {
  const options = { ...given, clock: steadyClock(given.clock) }
  assert(isChainId(options.chainId), 'a chain id is made of letters, digits and dashes')
  const parts = createParts(options, role, await createBase(options, role))
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

function createParts(options: NetworkOptions, role: Role, base: Base): Parts {
  const { chainId, clock, random } = options
  const { host, self, peers, book, counters, penalise } = base
  const onViolation = (peer: PeerId): void => {
    penalise(peer, 2)
  }
  const requests = new Requests({ host, peers, counters, onViolation })
  const direct = new DirectChannels({
    host,
    peers,
    counters,
    onViolation,
    protocol: protocolName(chainId, 'direct'),
  })
  base.onConnectionsChanged((peer) => {
    direct.connectionsChanged(peer)
  })
  const mesh = new Mesh({
    ...{ host, self, peers, book, clock, random, counters },
    isBlocked: (peer) => base.scores.isBlocked(peer),
    peersTarget: options.peersTarget ?? role.peersTarget,
  })
  return {
    ...base,
    options,
    direct,
    requests,
    gossip: new Gossip({
      pubsub: host.services.pubsub,
      chainId,
      topics: base.topics,
      clock,
      counters,
      verdictWithoutHandler: role.verdictWithoutHandler,
    }),
    mesh,
    exchange: new PeerExchange({
      host,
      self,
      peers,
      book,
      requests,
      clock,
      random,
      onViolation,
      protocol: protocolName(chainId, 'peers'),
      asks: role.asksForPeers,
    }),
    liveness: new Liveness({ host, clock, random }),
    reservations: new Reservations({
      ...{ host, peers, clock, store: role.circuit?.store() },
      isVisited: (relay) => mesh.isVisited(relay),
    }),
    protocol: (name) => protocolName(chainId, name),
  }
}
