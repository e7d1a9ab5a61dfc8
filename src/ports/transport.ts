/**
 * How a node talks to other nodes (NET-2, NET-3, NET-12). An interface only: the browser and Node
 * implement it over libp2p in `src/adapters/network`, the simulator over a seeded queue.
 *
 * Bytes are opaque here: whoever receives them decodes them strictly and answers with a verdict.
 */
import type { Result } from '../core/base/result.ts'

/** A libp2p peer id in its base58btc text form. */
export type PeerId = string & { readonly __brand: 'transport.PeerId' }

/** Gossip topics of a chain (NET-2); the adapter prefixes them with `/emo/<chain>/`. */
export type Topic = 'consensus' | 'blocks' | 'tx' | 'ready' | 'evidence' | 'checkpoint'

/** Request/response protocols (NET-3), length-prefixed, one request and one response a stream. */
export type RequestProtocol =
  'status' | 'sync' | 'fetch' | 'recover' | 'restart' | 'proof' | 'snapshot' | 'checkpoint'

/** What becomes of a gossiped message: only `accept` is forwarded, `reject` costs the sender. */
export type Verdict = 'accept' | 'ignore' | 'reject'

export type TransportError =
  /** No connection to that peer and none could be made now. Try another peer. */
  | { readonly code: 'PEER_UNREACHABLE'; readonly peer: PeerId }
  /** No answer in time. */
  | { readonly code: 'REQUEST_TIMEOUT'; readonly peer: PeerId }
  /** More bytes than the protocol allows, or a stream that broke its framing. */
  | { readonly code: 'RESPONSE_INVALID'; readonly peer: PeerId; readonly reason: string }

/** How a peer is reached. `relayed` connections carry consensus too (NET-12). */
export type PathKind = 'webrtc' | 'webrtc-direct' | 'websocket' | 'relayed'

export interface PeerInfo {
  readonly peer: PeerId
  readonly path: PathKind
  /** The peer offers circuit relay (it runs the hop protocol). */
  readonly isRelay: boolean
  /** It connected to us, before we did to it: we did not choose it. */
  readonly isInbound?: boolean
  /** Smoothed round trip, when one was measured. */
  readonly roundTripMs?: number
}

export interface GossipMessage {
  readonly topic: Topic
  /** Who forwarded it to us, not who wrote it. */
  readonly from: PeerId
  /** Who signed the envelope; missing where nobody says. */
  readonly author?: PeerId
  readonly bytes: Uint8Array
}

export interface RequestOptions {
  readonly timeoutMs: number
  /**
   * Addresses of relays that are said to forward to the peer, ending in `/p2p/<relay>`: dialled
   * where it is not connected, and left again. From whoever wrote them: anything may be in them.
   */
  readonly via?: readonly string[]
}

export interface Transport {
  readonly self: PeerId
  /** Connected peers, at most one entry a peer (the best path). */
  peers(): readonly PeerInfo[]
  /** Own dialable addresses as multiaddr strings, for display and exchange. */
  addresses(): readonly string[]
  publish(topic: Topic, bytes: Uint8Array): void
  /** One-way message on the persistent direct stream; `false` when it was dropped (NET-6). */
  send(peer: PeerId, bytes: Uint8Array): boolean
  /** Also of a peer that is not connected: it is dialled first. */
  request(
    peer: PeerId,
    protocol: RequestProtocol,
    bytes: Uint8Array,
    options: RequestOptions,
  ): Promise<Result<Uint8Array, TransportError>>
  /** Seats and other peers that must stay connected: the adapter dials and re-dials them. */
  keep(peers: readonly PeerId[]): void
  /** A peer sent something invalid: lower its score, drop it when it goes on. */
  penalise(peer: PeerId, reason: string): void
  onGossip(handler: (message: GossipMessage) => Promise<Verdict> | Verdict): void
  onDirect(handler: (peer: PeerId, bytes: Uint8Array) => void): void
  onRequest(
    protocol: RequestProtocol,
    handler: (peer: PeerId, bytes: Uint8Array) => Promise<Uint8Array>,
  ): void
  onPeersChanged(handler: (peers: readonly PeerInfo[]) => void): void
  stop(): Promise<void>
}

/** Byte limits of each channel, local policy (NET-6); what is over is dropped and counted. */
export const transportLimits = {
  /** A proposal with a full block body, its justification and framing. */
  gossipBytesMax: 1024 * 1024,
  directBytesMax: 1024 * 1024,
  requestBytesMax: 64 * 1024,
  /** A page of blocks; larger answers are split by the protocol above. */
  responseBytesMax: 4 * 1024 * 1024,
} as const
