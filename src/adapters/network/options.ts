/** What a node says about itself when it joins the network. */
import type { Clock } from '../../ports/clock.ts'
import type { Random } from '../../ports/random.ts'
import type { PeerId, Topic, Transport, TransportError } from '../../ports/transport.ts'
import type { Result } from '../../core/base/result.ts'
import type { NetworkCounters } from './counters.ts'

export interface NetworkOptions {
  /** Letters, digits and dashes; part of every topic and protocol name. */
  readonly chainId: string
  /**
   * 32 bytes of Ed25519 seed: a validator's is stable, a follower's is fresh each session (NET-11).
   */
  readonly peerSeed: Uint8Array
  /** Relays to stay connected to: multiaddrs that end in `/p2p/<peer>`. */
  readonly relays: readonly string[]
  /** Addresses remembered from earlier sessions. */
  readonly remembered?: readonly string[]
  /** Called with the addresses worth remembering whenever they change. */
  readonly onRemember?: (addresses: readonly string[]) => void
  readonly clock: Clock
  readonly random: Random
  /** Defaults to all topics. */
  readonly topics?: readonly Topic[]
  /** Peers to be connected to besides those that are kept; 12 by default (NET-5). */
  readonly peersTarget?: number
}

export type JoinError =
  | TransportError
  /** Not a multiaddr that ends in `/p2p/<peer>`. Copy the whole address. */
  | { readonly code: 'ADDRESS_INVALID'; readonly address: string }

export interface NetworkTransport extends Transport {
  counters(): Readonly<NetworkCounters>
  /** Dials an address that a person pasted or scanned (NET-1). */
  join(address: string): Promise<Result<PeerId, JoinError>>
  /** The device is on another network or online again: try everything at once. */
  networkChanged(): void
}
