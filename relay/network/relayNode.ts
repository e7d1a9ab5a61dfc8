/**
 * A relay's network: introduces tabs, carries what cannot go direct, forwards gossip (NET-12,
 * NET-13).
 *
 * It speaks the same protocols as a node, so the archive follows blocks over the same `Transport`.
 */
import { circuitRelayServer } from '@libp2p/circuit-relay-v2'
import { kadDHT, passthroughMapper } from '@libp2p/kad-dht'
import { keychain } from '@libp2p/keychain'
import { webRTCDirect } from '@libp2p/webrtc'
import { webSockets } from '@libp2p/websockets'
import { assembleTransport } from '../../src/adapters/network/assemble.ts'
import type { NetworkTransport } from '../../src/adapters/network/options.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { Random } from '../../src/ports/random.ts'
import type { Topic } from '../../src/ports/transport.ts'
import { openRelayIdentity } from './relayIdentity.ts'

/**
 * Each covers a thousand tabs behind one address: the library's defaults refuse 95 of 100 (NET-6).
 */
export const relayLimits = {
  maxConnections: 2_000,
  inboundConnectionsPerSecondPerHost: 1_000,
  pendingConnectionsMax: 500,
  reservationsMax: 2_000,
  reservationTtlMs: 2 * 60 * 60_000,
  /** A pair that finds no direct path runs consensus through the relay (NET-12). */
  relayedBytesMax: 256n * 1024n * 1024n,
  relayedDurationMs: 2 * 60 * 60_000,
} as const

export interface RelayOptions {
  readonly chainId: string
  /** Where the peer key and the certificate are kept (NET-13); created when missing. */
  readonly dataDir: string
  /** Interface to listen on: `127.0.0.1`, or `0.0.0.0` for the world. */
  readonly host: string
  /** TCP port for WebSocket; 0 takes a free one. */
  readonly wsPort: number
  /** UDP port for webrtc-direct; 0 takes a free one, undefined offers none. */
  readonly webRtcPort?: number
  /** Addresses to announce instead of the listening ones, behind a proxy for instance. */
  readonly announce?: readonly string[]
  /** Other relays to stay connected to. */
  readonly relays?: readonly string[]
  readonly topics?: readonly Topic[]
  /** Answers Kademlia look-ups; off by default. */
  readonly dht?: boolean
  readonly clock: Clock
  readonly random: Random
}

export async function createRelayNode(options: RelayOptions): Promise<NetworkTransport> {
  const { host, wsPort, webRtcPort, announce } = options
  const identity = await openRelayIdentity(options.dataDir)
  const webRtc = webRtcPort === undefined ? [] : [`/ip4/${host}/udp/${webRtcPort}/webrtc-direct`]
  return assembleTransport(
    {
      chainId: options.chainId,
      peerSeed: identity.peerSeed,
      relays: options.relays ?? [],
      clock: options.clock,
      random: options.random,
      ...(options.topics === undefined ? {} : { topics: options.topics }),
    },
    {
      host: {
        transports: [webSockets(), webRTCDirect({ rtcConfiguration: { iceServers: [] } })],
        listen: [`/ip4/${host}/tcp/${wsPort}/ws`, ...webRtc],
        ...(announce === undefined ? {} : { announce }),
        datastore: identity.datastore,
        connectionManager: {
          maxConnections: relayLimits.maxConnections,
          inboundConnectionThreshold: relayLimits.inboundConnectionsPerSecondPerHost,
          maxIncomingPendingConnections: relayLimits.pendingConnectionsMax,
        },
        services: {
          keychain: keychain({ pass: identity.keychainPass }),
          relay: circuitRelayServer({
            maxOutboundStopStreams: relayLimits.maxConnections,
            reservations: {
              maxReservations: relayLimits.reservationsMax,
              reservationTtl: relayLimits.reservationTtlMs,
              defaultDataLimit: relayLimits.relayedBytesMax,
              defaultDurationLimit: relayLimits.relayedDurationMs,
            },
          }),
          ...(options.dht === true
            ? {
                dht: kadDHT({
                  protocol: `/emo/${options.chainId}/kad/1`,
                  clientMode: false,
                  peerInfoMapper: passthroughMapper,
                }),
              }
            : {}),
        },
      },
      // Without an archive to judge it, gossip is forwarded: nodes judge it themselves.
      verdictWithoutHandler: 'accept',
      peersTarget: 0,
      asksForPeers: false,
    },
  )
}
