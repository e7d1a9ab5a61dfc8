/**
 * The relays that a lease names (CKPT-1): those that forward to this node, by its own addresses, so
 * that votes reach an aggregator that is a tab and has no address itself.
 */
import { isRelayAddress } from '../../core/ledger/transactions/duty.ts'
import { protocol } from '../../core/params.ts'

const circuit = '/p2p-circuit'

/** `addresses`: own ones, as the transport says them. What a page can dial comes first. */
export function relaysOf(addresses: readonly string[]): string[] {
  const relays = addresses.flatMap((address) => {
    const end = address.indexOf(circuit)
    const relay = end < 0 ? '' : address.slice(0, end)
    return isRelayAddress(relay) ? [relay] : []
  })
  // One address of each relay; a page that came by https dials no plain WebSocket.
  const one = new Map<string, string>()
  for (const relay of relays.toSorted((left, right) => rankOf(left) - rankOf(right))) {
    const name = relay.slice(relay.lastIndexOf('/'))
    if (!one.has(name)) one.set(name, relay)
  }
  return [...one.values()].slice(0, protocol.leaseRelaysMax)
}

function rankOf(address: string): number {
  if (/\/wss(\/|$)|\/tls\//.test(address)) return 0
  return address.includes('/webrtc-direct') ? 1 : 2
}
