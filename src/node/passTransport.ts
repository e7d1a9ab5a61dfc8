/** A transport that hands everything on but what is given in `instead`. */
import type { Transport } from '../ports/transport.ts'

export function passTransport(transport: Transport, instead: Partial<Transport>): Transport {
  return {
    self: transport.self,
    peers: () => transport.peers(),
    addresses: () => transport.addresses(),
    publish: (topic, bytes) => {
      transport.publish(topic, bytes)
    },
    send: (peer, bytes) => transport.send(peer, bytes),
    request: (peer, protocol, bytes, options) => transport.request(peer, protocol, bytes, options),
    keep: (peers) => {
      transport.keep(peers)
    },
    penalise: (peer, reason) => {
      transport.penalise(peer, reason)
    },
    onGossip: (handler) => {
      transport.onGossip(handler)
    },
    onDirect: (handler) => {
      transport.onDirect(handler)
    },
    onRequest: (protocol, handler) => {
      transport.onRequest(protocol, handler)
    },
    onPeersChanged: (handler) => {
      transport.onPeersChanged(handler)
    },
    stop: () => transport.stop(),
    ...instead,
  }
}
