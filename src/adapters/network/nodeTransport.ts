/**
 * The network of a validator that runs in Node: WebSocket for whoever can reach it, WebRTC for tabs
 * behind a relay.
 *
 * `node-datachannel` brings WebRTC to Node, so the pair stays connected when the relay goes away.
 */
import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { webRTC, webRTCDirect } from '@libp2p/webrtc'
import { webSockets } from '@libp2p/websockets'
import { assembleTransport } from './assemble.ts'
import { relaySlots, withCircuitStore } from './circuit.ts'
import type { NetworkOptions, NetworkTransport } from './options.ts'

export interface NodeNetworkOptions extends NetworkOptions {
  /** Defaults to a free WebSocket port on the loopback interface. */
  readonly listen?: readonly string[]
  readonly announce?: readonly string[]
}

export async function createNodeTransport(options: NodeNetworkOptions): Promise<NetworkTransport> {
  const listen = options.listen ?? ['/ip4/127.0.0.1/tcp/0/ws']
  const circuit = withCircuitStore(circuitRelayTransport())
  return assembleTransport(options, {
    host: {
      transports: [
        webSockets(),
        // No third party's STUN server learns who validates (NET-12).
        webRTC({ rtcConfiguration: { iceServers: [] } }),
        webRTCDirect({ rtcConfiguration: { iceServers: [] } }),
        circuit.transport,
      ],
      listen: [...listen, ...relaySlots(options.relays.length), '/webrtc'],
      ...(options.announce === undefined ? {} : { announce: options.announce }),
      connectionManager: {
        maxConnections: 300,
        inboundConnectionThreshold: 100,
        maxIncomingPendingConnections: 100,
      },
    },
    circuit,
    verdictWithoutHandler: 'ignore',
    peersTarget: 12,
    asksForPeers: true,
  })
}
