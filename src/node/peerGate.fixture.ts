/** A gate for parts that are tested without a node, on a chain that has only a name. */
import { nodeClock } from '../adapters/node/clock.ts'
import type { Transport } from '../ports/transport.ts'
import { NodeEvents } from './nodeEvents.ts'
import { PeerGate } from './peerGate.ts'

export const gateChain = { chainId: 'emo-test', genesisHash: new Uint8Array(32).fill(7) }

export function testGate(transport: Transport): PeerGate {
  const events = new NodeEvents()
  return new PeerGate({ transport, clock: nodeClock, chain: gateChain, events })
}
