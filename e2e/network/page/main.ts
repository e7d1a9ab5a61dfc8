/** A page that is nothing but the network adapter, driven by the test through `window.network`. */
import { createBrowserTransport } from '../../../src/adapters/network/browserTransport.ts'
import type { NetworkTransport } from '../../../src/adapters/network/options.ts'
import type { PeerId, PeerInfo } from '../../../src/ports/transport.ts'
import { testClock, testRandom } from '../platform.ts'

export interface PageNetwork {
  start(chainId: string, relays: readonly string[]): Promise<string>
  peers(): readonly PeerInfo[]
  addresses(): readonly string[]
  counters(): Readonly<Record<string, number>>
  keep(peers: readonly string[]): void
  publish(label: string): void
  send(peer: string, label: string): boolean
  request(peer: string, label: string): Promise<string>
  gossip(): readonly string[]
  direct(): readonly string[]
}

declare global {
  interface Window {
    network: PageNetwork
    /** Filled by the test: see mesh.spec.ts. */
    iceServers: RTCIceServer[]
  }
}

const gossip: string[] = []
const direct: string[] = []
let transport: NetworkTransport | undefined

function running(): NetworkTransport {
  if (transport === undefined) throw new Error('not started')
  return transport
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}

window.network = {
  start: async (chainId, relays) => {
    transport = await createBrowserTransport({
      chainId,
      peerSeed: testRandom.bytes(32),
      relays,
      clock: testClock,
      random: testRandom,
    })
    transport.onGossip((message) => {
      gossip.push(decode(message.bytes))
      return 'accept'
    })
    transport.onDirect((_, bytes) => direct.push(decode(bytes)))
    transport.onRequest('status', (_, bytes) => Promise.resolve(encode(`re: ${decode(bytes)}`)))
    return transport.self
  },
  peers: () => running().peers(),
  addresses: () => running().addresses(),
  counters: () => ({ ...running().counters() }),
  keep: (peers) => {
    running().keep(peers as readonly PeerId[])
  },
  publish: (label) => {
    running().publish('consensus', encode(label))
  },
  send: (peer, label) => running().send(peer as PeerId, encode(label)),
  request: async (peer, label) => {
    const answer = await running().request(peer as PeerId, 'status', encode(label), {
      timeoutMs: 5_000,
    })
    return answer.ok ? decode(answer.value) : answer.error.code
  },
  gossip: () => gossip,
  direct: () => direct,
}
