/**
 * A libp2p node for two devices of one person (SENS-6): relays, circuits and WebRTC, and nothing of
 * the chain. It speaks no topic and is no member, so no relay names it to anybody (NET-1).
 */
import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { identify } from '@libp2p/identify'
import { FaultTolerance, type Libp2p } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import { ping } from '@libp2p/ping'
import { webRTC } from '@libp2p/webrtc'
import { webSockets } from '@libp2p/websockets'
import { createLibp2p } from 'libp2p'
import { withCircuitStore, type Circuit } from './circuit.ts'
import { guardedYamux } from './muxer.ts'

export const deviceProtocol = '/emo/sensor/1'

export interface DeviceHost {
  readonly host: Libp2p
  readonly circuit: Circuit
}

/** `isFound`: it waits behind its relays for others; else it only calls. */
export async function createDeviceHost(
  peerSeed: Uint8Array,
  isFound: boolean,
): Promise<DeviceHost> {
  const circuit = withCircuitStore(circuitRelayTransport())
  const host = await createLibp2p({
    privateKey: await generateKeyPairFromSeed('Ed25519', peerSeed),
    nodeInfo: { name: 'emotionalchain', userAgent: 'emotionalchain' },
    addresses: { listen: isFound ? ['/p2p-circuit', '/webrtc'] : [] },
    transports: [
      webSockets(),
      // Never a third party's server (NET-11).
      webRTC({ rtcConfiguration: { iceServers: [] } }),
      circuit.transport,
    ],
    transportManager: { faultTolerance: FaultTolerance.NO_FATAL },
    connectionEncrypters: [noise()],
    streamMuxers: [guardedYamux()],
    // Devnets live on private addresses; browsers refuse those by default.
    connectionGater: { denyDialMultiaddr: () => false },
    connectionManager: { maxConnections: 16 },
    connectionMonitor: { enabled: false },
    services: { identify: identify(), ping: ping() },
  })
  return { host, circuit }
}
