/**
 * The network of a browser tab: relays over WebSocket or webrtc-direct, other tabs over WebRTC
 * (NET-12).
 */
import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { webRTC, webRTCDirect } from '@libp2p/webrtc'
import { webSockets } from '@libp2p/websockets'
import { assembleTransport } from './assemble.ts'
import { relaySlots, withCircuitStore } from './circuit.ts'
import type { NetworkOptions, NetworkTransport } from './options.ts'

export async function createBrowserTransport(options: NetworkOptions): Promise<NetworkTransport> {
  const circuit = withCircuitStore(circuitRelayTransport())
  const transport = await assembleTransport(options, {
    host: {
      transports: [
        webSockets(),
        // Own relays answer STUN later (NET-12); until then none, never the library's third
        // parties.
        webRTC({ rtcConfiguration: { iceServers: [] } }),
        webRTCDirect({ rtcConfiguration: { iceServers: [] } }),
        circuit.transport,
      ],
      listen: [...relaySlots(options.relays.length), '/webrtc'],
      connectionManager: { maxConnections: 300 },
    },
    circuit,
    verdictWithoutHandler: 'ignore',
    peersTarget: 12,
    asksForPeers: true,
  })
  const onOnline = (): void => {
    transport.networkChanged()
  }
  globalThis.addEventListener('online', onOnline)
  return {
    ...transport,
    stop: async () => {
      globalThis.removeEventListener('online', onOnline)
      await transport.stop()
    },
  }
}
