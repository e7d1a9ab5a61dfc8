/** The parts of the adapter. */
import type { RequestProtocol } from '../../ports/transport.ts'
import type { Base } from './base.ts'
import type { DirectChannels } from './directChannels.ts'
import type { Gossip } from './gossip.ts'
import type { Liveness } from './liveness.ts'
import type { Mesh } from './mesh.ts'
import type { NetworkOptions } from './options.ts'
import type { PeerExchange } from './peerExchange.ts'
import type { Requests } from './requests.ts'
import type { Reservations } from './reservations.ts'

/** Everything that lives as long as the node, for the facade to call. */
export interface Parts extends Base {
  readonly options: NetworkOptions
  readonly direct: DirectChannels
  readonly requests: Requests
  readonly gossip: Gossip
  readonly mesh: Mesh
  readonly exchange: PeerExchange
  readonly reservations: Reservations
  readonly liveness: Liveness
  readonly protocol: (name: RequestProtocol) => string
}
