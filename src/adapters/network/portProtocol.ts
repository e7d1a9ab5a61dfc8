/**
 * What crosses between the window, which has WebRTC, and the worker, where the node lives (NET-3,
 * NET-6).
 *
 * Both ends are our own code on one origin, so messages are typed, not decoded; bytes inside them
 * are as hostile as they were on the wire.
 */
import type { Result } from '../../core/base/result.ts'
import type {
  PeerId,
  PeerInfo,
  RequestProtocol,
  Topic,
  TransportError,
  Verdict,
} from '../../ports/transport.ts'

/** From the worker to the window. */
export type ToWindow =
  | { readonly kind: 'publish'; readonly topic: Topic; readonly bytes: Uint8Array }
  | { readonly kind: 'send'; readonly peer: PeerId; readonly bytes: Uint8Array }
  | {
      readonly kind: 'request'
      readonly id: number
      readonly peer: PeerId
      readonly protocol: RequestProtocol
      readonly timeoutMs: number
      readonly via?: readonly string[]
      readonly bytes: Uint8Array
    }
  | { readonly kind: 'keep'; readonly peers: readonly PeerId[] }
  | { readonly kind: 'penalise'; readonly peer: PeerId; readonly reason: string }
  | { readonly kind: 'listenGossip' }
  | { readonly kind: 'serve'; readonly protocol: RequestProtocol }
  | { readonly kind: 'verdict'; readonly id: number; readonly verdict: Verdict }
  /** An answer to `incoming`; without bytes the request is refused. */
  | { readonly kind: 'answer'; readonly id: number; readonly bytes?: Uint8Array }
  | { readonly kind: 'ping' }
  | { readonly kind: 'stop' }

/** From the window to the worker. */
export type ToWorker =
  | {
      readonly kind: 'state'
      readonly self: PeerId
      readonly peers: readonly PeerInfo[]
      readonly addresses: readonly string[]
    }
  | {
      readonly kind: 'gossip'
      readonly id: number
      readonly topic: Topic
      readonly from: PeerId
      readonly author?: PeerId
      readonly bytes: Uint8Array
    }
  | { readonly kind: 'direct'; readonly peer: PeerId; readonly bytes: Uint8Array }
  | {
      readonly kind: 'incoming'
      readonly id: number
      readonly protocol: RequestProtocol
      readonly peer: PeerId
      readonly bytes: Uint8Array
    }
  | {
      readonly kind: 'result'
      readonly id: number
      readonly result: Result<Uint8Array, TransportError>
    }
  | { readonly kind: 'stopped' }

/** All that one turn of the event loop had to say, and the credits it gives back. */
export interface Batch<Message> {
  readonly messages: readonly Message[]
  readonly creditBytes: number
}

/** A MessagePort, a Worker or a worker's own scope. */
export interface PortLike {
  postMessage(message: unknown, transfer: ArrayBuffer[]): void
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void
  start?(): void
}

export const portLimits = {
  /** Bytes in flight that the other end has not taken yet; the longest answer must fit. */
  creditBytes: 8 * 1024 * 1024,
  /** Bytes waiting for credit; what comes on top is dropped and counted. */
  queueBytesMax: 16 * 1024 * 1024,
  /** What a message costs besides its bytes. */
  messageBytes: 256,
  pingMs: 2_000,
  /** Nothing heard for this long: the other end is dead. */
  silentMs: 15_000,
  answerTimeoutMs: 10_000,
} as const
