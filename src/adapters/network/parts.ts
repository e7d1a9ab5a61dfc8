/** The parts of the adapter and the roles that differ in them. */
import type { PeerId, PeerInfo, RequestProtocol, Verdict } from '../../ports/transport.ts'
import type { Circuit } from './circuit.ts'
import type { NetworkCounters } from './counters.ts'
import type { DirectChannels } from './directChannels.ts'
import type { Gossip } from './gossip.ts'
import type { GossipLinks } from './gossipLinks.ts'
import type { Host, HostSpec } from './host.ts'
import type { Liveness } from './liveness.ts'
import type { Mesh } from './mesh.ts'
import type { NetworkOptions } from './options.ts'
import type { PeerBook } from './peerBook.ts'
import type { PeerExchange } from './peerExchange.ts'
import type { PeerScores } from './peerScores.ts'
import type { PeerTable } from './peerTable.ts'
import type { Requests } from './requests.ts'
import type { Reservations } from './reservations.ts'

export interface Role {
  readonly host: HostSpec
  readonly circuit?: Circuit
  /** Of gossip that no handler judges. */
  readonly verdictWithoutHandler: Verdict
  readonly peersTarget: number
  readonly asksForPeers: boolean
}

/** Everything that lives as long as the node, for the facade to call. */
export interface Parts {
  readonly options: NetworkOptions
  readonly self: PeerId
  readonly host: Host
  readonly counters: NetworkCounters
  readonly peers: PeerTable
  readonly book: PeerBook
  readonly scores: PeerScores
  readonly direct: DirectChannels
  readonly requests: Requests
  readonly gossip: Gossip
  readonly links: GossipLinks
  readonly mesh: Mesh
  readonly exchange: PeerExchange
  readonly reservations: Reservations
  readonly liveness: Liveness
  readonly penalise: (peer: PeerId, points?: number) => void
  readonly protocol: (name: RequestProtocol) => string
  readonly onPeersChanged: (handler: (peers: readonly PeerInfo[]) => void) => void
}
