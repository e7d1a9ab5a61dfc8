/** The libp2p node, configured once for browsers, Node validators and relays alike. */
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { gossipsub, type GossipSub } from '@libp2p/gossipsub'
import { identify, identifyPush, type Identify, type IdentifyPush } from '@libp2p/identify'
import { FaultTolerance, type Libp2p, type PrivateKey, type ServiceMap } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import { ping, type Ping } from '@libp2p/ping'
import { createLibp2p, type Libp2pInit } from 'libp2p'
import type { PeerId, Topic } from '../../ports/transport.ts'
import type { GossipLinks } from './gossipLinks.ts'
import { gossipOptions } from './gossipOptions.ts'
import { guardedYamux } from './muxer.ts'
import { peerName } from './peerTable.ts'

export interface HostServices extends ServiceMap {
  readonly identify: Identify
  readonly identifyPush: IdentifyPush
  readonly ping: Ping
  readonly pubsub: GossipSub
}

export type Host = Libp2p<HostServices>

/** What differs between a browser, a Node validator and a relay. */
export interface HostSpec {
  readonly transports: NonNullable<Libp2pInit['transports']>
  readonly listen: readonly string[]
  readonly announce?: readonly string[]
  readonly connectionManager: NonNullable<Libp2pInit['connectionManager']>
  readonly datastore?: NonNullable<Libp2pInit['datastore']>
  readonly privateKey?: PrivateKey
  /** Services of its own: a relay's hop server, its keychain, a DHT. */
  readonly services?: Record<string, (components: never) => unknown>
}

export interface HostContext {
  readonly chainId: string
  readonly topics: readonly Topic[]
  readonly peerSeed: Uint8Array
  readonly links: GossipLinks
  readonly isBlocked: (peer: PeerId) => boolean
  readonly gossipScore: (peer: PeerId) => number
}

export async function createHost(context: HostContext, spec: HostSpec): Promise<Host> {
  const { chainId, topics, links, isBlocked, gossipScore } = context
  const init = {
    privateKey: spec.privateKey ?? (await generateKeyPairFromSeed('Ed25519', context.peerSeed)),
    nodeInfo: { name: 'emotionalchain', userAgent: 'emotionalchain' },
    addresses: { listen: [...spec.listen], announce: [...(spec.announce ?? [])] },
    transports: spec.transports,
    // A relay that is away must not keep a node from starting.
    transportManager: { faultTolerance: FaultTolerance.NO_FATAL },
    connectionEncrypters: [noise()],
    streamMuxers: [guardedYamux()],
    connectionGater: {
      // Devnets live on private addresses; browsers refuse those by default.
      denyDialMultiaddr: () => false,
      denyDialPeer: (peer: { toString(): string }) => isBlocked(peerName(peer)),
      denyInboundEncryptedConnection: (peer: { toString(): string }) => isBlocked(peerName(peer)),
    },
    connectionManager: spec.connectionManager,
    // Under CPU load a ping comes late, and one late ping must not tear a busy mesh apart: see
    // liveness.ts.
    connectionMonitor: { enabled: false, abortConnectionOnPingFailure: false },
    services: {
      ...spec.services,
      identify: identify(),
      identifyPush: identifyPush(),
      ping: ping(),
      pubsub: (components: Parameters<ReturnType<typeof gossipsub>>[0]) =>
        gossipsub(gossipOptions(chainId, topics, gossipScore))({
          privateKey: components.privateKey,
          peerId: components.peerId,
          peerStore: components.peerStore,
          connectionManager: components.connectionManager,
          logger: components.logger,
          registrar: links.wrap(components.registrar),
        }),
    },
  }
  const withStore = spec.datastore === undefined ? init : { ...init, datastore: spec.datastore }
  return await createLibp2p({ ...withStore, start: false })
}
