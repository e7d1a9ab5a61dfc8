/**
 * Channels between two devices of one person (SENS-6), over WebRTC; a relay only introduces them.
 * Nothing about a channel is trusted: who the other end is, the handshake on it shows.
 */

import type { Result } from '../core/base/result.ts'

/** Messages in their order, each whole. Handlers are set at once when a channel is given. */
export interface DeviceChannel {
  /** False when it is closed, or when too much waits: what was given is not sent. */
  send(message: Uint8Array): boolean
  onMessage(handler: (message: Uint8Array) => void): void
  /** Called once, by whichever end it was closed. */
  onClosed(handler: () => void): void
  close(): void
}

export type DeviceLinkError =
  /** No relay of this page answers: check the connection, then try again. */
  | { readonly code: 'RELAY_UNREACHABLE' }
  /** Nobody waits there: the link is too old, or the page that showed it is closed. */
  | { readonly code: 'PAGE_ABSENT' }
  /** The page is there, and no direct way leads to it: bring both into one network. */
  | { readonly code: 'NO_DIRECT_PATH' }

export interface DeviceListener {
  stop(): Promise<void>
}

export interface DeviceCaller {
  /** May be called again when the channel before is closed. */
  connect(): Promise<Result<DeviceChannel, DeviceLinkError>>
  stop(): Promise<void>
}

export interface DeviceLink {
  /** Waits under the identity that this seed of 32 bytes gives. */
  listen(
    peerSeed: Uint8Array,
    onChannel: (channel: DeviceChannel) => void,
  ): Promise<Result<DeviceListener, DeviceLinkError>>
  /** To whoever waits under the identity of this seed. */
  caller(peerSeed: Uint8Array): Promise<DeviceCaller>
}
