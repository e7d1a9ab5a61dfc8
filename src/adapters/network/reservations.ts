/**
 * Watches that this node stays reachable through its relays (NET-12).
 *
 * libp2p reserves a slot when it discovers a relay, but a relay that restarts can slip past its
 * discovery; then the reservation is asked for again from here.
 */
import type { Connection, Libp2p } from '@libp2p/interface'
import type { Clock } from '../../ports/clock.ts'
import type { PeerId } from '../../ports/transport.ts'
import { isRelayed } from './paths.ts'
import type { PeerTable } from './peerTable.ts'

export const reservationTimes = { lookMs: 1_000, patienceMs: 3_000 } as const

export interface ReservationContext {
  readonly host: Libp2p
  readonly peers: PeerTable
  readonly clock: Clock
  /** The circuit transport's store, when this node listens through relays. */
  readonly store: ReservationStore | undefined
  /** Relays of others, at which this node stays for seconds. */
  readonly isVisited: (relay: PeerId) => boolean
}

export interface ReservationStore {
  addRelay(peer: Connection['remotePeer'], type: 'discovered'): Promise<unknown>
}

export class Reservations {
  readonly #context: ReservationContext
  readonly #nextMs = new Map<PeerId, number>()
  #nextLookMs = 0

  constructor(context: ReservationContext) {
    this.#context = context
  }

  tick(): void {
    const { host, peers, clock, store, isVisited } = this.#context
    const nowMs = clock.nowMs()
    if (store === undefined || nowMs < this.#nextLookMs) return
    // Asking the host for its addresses is dear: it assembles and parses them anew.
    this.#nextLookMs = nowMs + reservationTimes.lookMs
    const reserved = host
      .getMultiaddrs()
      .map((address) => address.toString())
      .filter((address) => address.includes('/p2p-circuit'))
    for (const relay of peers.connected()) {
      if (isVisited(relay)) continue
      const connection = peers.best(relay)
      const isUsable = connection !== undefined && !isRelayed(connection) && peers.isRelay(relay)
      if (!isUsable || reserved.some((address) => address.includes(`/p2p/${relay}/`))) {
        this.#nextMs.delete(relay)
        continue
      }
      const nextMs = this.#nextMs.get(relay) ?? nowMs + reservationTimes.patienceMs
      this.#nextMs.set(relay, nextMs)
      if (nowMs < nextMs) continue
      this.#nextMs.set(relay, nowMs + reservationTimes.patienceMs)
      store.addRelay(connection.remotePeer, 'discovered').catch(() => undefined)
    }
  }
}
