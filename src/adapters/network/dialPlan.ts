/**
 * Which addresses to try for a peer, in which order (NET-5, NET-12): its own address first, then
 * WebRTC signalled over a relay, and the relay itself only when no direct way opened.
 */
import type { PathKind, PeerId } from '../../ports/transport.ts'
import { pathOfAddress } from './paths.ts'

export interface DialStep {
  readonly path: PathKind
  readonly addresses: readonly string[]
  readonly timeoutMs: number
  readonly attempts: number
}

export interface DialQuestion {
  readonly peer: PeerId
  /** What is known of the peer's own addresses. */
  readonly addresses: readonly string[]
  /** Addresses of relays connected now, each ending in `/p2p/<relay>`. */
  readonly relays: readonly string[]
  /** The peer is reached through a relay already: only a direct path is an improvement. */
  readonly hasRelayedPath: boolean
}

export const dialTimes = {
  directTimeoutMs: 4_000,
  /** The first WebRTC dial may hang (docs/spec/network.md, NET-12); the second then takes 0.1 s. */
  webrtcTimeoutMs: 4_000,
  webrtcAttempts: 2,
  relayedTimeoutMs: 6_000,
  addressesPerStepMax: 4,
} as const

export function planDial(question: DialQuestion): readonly DialStep[] {
  const { peer, relays, hasRelayedPath } = question
  const own = question.addresses.map((address) => withPeer(address, peer))
  const onPath = (path: PathKind): string[] =>
    own.filter((address) => pathOfAddress(address) === path)
  const webrtc = [
    ...relays.map((relay) => `${relay}/p2p-circuit/webrtc/p2p/${peer}`),
    ...onPath('webrtc').filter((address) => address.includes('/p2p-circuit')),
  ]
  const relayed = [
    ...relays.map((relay) => `${relay}/p2p-circuit/p2p/${peer}`),
    ...onPath('relayed'),
  ]
  const steps = [
    step('websocket', onPath('websocket'), dialTimes.directTimeoutMs, 1),
    step('webrtc-direct', onPath('webrtc-direct'), dialTimes.directTimeoutMs, 1),
    step('webrtc', webrtc, dialTimes.webrtcTimeoutMs, dialTimes.webrtcAttempts),
    step('relayed', hasRelayedPath ? [] : relayed, dialTimes.relayedTimeoutMs, 1),
  ]
  return steps.filter((each) => each.addresses.length > 0)
}

/** A short question: through relays alone, which takes a second where a direct path takes ten. */
export function planVisit(peer: PeerId, relays: readonly string[]): DialStep | undefined {
  const addresses = relays.map((relay) => `${relay}/p2p-circuit/p2p/${peer}`)
  return addresses.length === 0
    ? undefined
    : step('relayed', addresses, dialTimes.relayedTimeoutMs, 1)
}

function step(
  path: PathKind,
  addresses: readonly string[],
  timeoutMs: number,
  attempts: number,
): DialStep {
  const distinct = [...new Set(addresses)].slice(0, dialTimes.addressesPerStepMax)
  return { path, addresses: distinct, timeoutMs, attempts }
}

function withPeer(address: string, peer: PeerId): string {
  return address.endsWith(`/p2p/${peer}`) ? address : `${address}/p2p/${peer}`
}
