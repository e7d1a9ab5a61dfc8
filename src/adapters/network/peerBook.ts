/** Peers that may be dialled, with their addresses and how dialling them went (NET-1, NET-5). */
import type { Clock } from '../../ports/clock.ts'
import type { Random } from '../../ports/random.ts'
import type { PeerId } from '../../ports/transport.ts'
import { Backoff } from './backoff.ts'
import { recordLimits } from './peerRecords.ts'

export const bookLimits = { peersMax: 512 } as const

/** A relay is asked for again soon: without one, new tabs do not find this node. */
export const dialBackoff = {
  relay: { firstMs: 500, maxMs: 4_000 },
  kept: { firstMs: 500, maxMs: 8_000 },
  other: { firstMs: 2_000, maxMs: 120_000 },
} as const

export interface BookEntry {
  readonly peer: PeerId
  /** Newest first. */
  addresses: readonly string[]
  readonly sinceMs: number
  readonly isBootstrap: boolean
  isKept: boolean
  backoff: Backoff
  nextDialMs: number
  dialling: boolean
}

export class PeerBook {
  readonly #clock: Clock
  readonly #random: Random
  readonly #entries = new Map<PeerId, BookEntry>()

  constructor(clock: Clock, random: Random) {
    this.#clock = clock
    this.#random = random
  }

  entries(): readonly BookEntry[] {
    return [...this.#entries.values()]
  }

  get(peer: PeerId): BookEntry | undefined {
    return this.#entries.get(peer)
  }

  learn(peer: PeerId, addresses: readonly string[], isBootstrap = false): BookEntry {
    const known = this.#entries.get(peer)
    if (known !== undefined) {
      const merged = [...new Set([...addresses, ...known.addresses])]
      known.addresses = merged.slice(0, recordLimits.addressesPerPeerMax)
      return known
    }
    this.#makeRoom()
    const entry: BookEntry = {
      peer,
      addresses: addresses.slice(0, recordLimits.addressesPerPeerMax),
      sinceMs: this.#clock.nowMs(),
      isBootstrap,
      isKept: false,
      backoff: new Backoff(isBootstrap ? dialBackoff.relay : dialBackoff.other, this.#random),
      nextDialMs: 0,
      dialling: false,
    }
    this.#entries.set(peer, entry)
    return entry
  }

  /** Exactly these are kept; each gets a fresh, short back-off when it becomes so. */
  keep(peers: ReadonlySet<PeerId>): void {
    for (const peer of peers) this.learn(peer, [])
    for (const entry of this.#entries.values()) {
      const isKept = peers.has(entry.peer)
      if (isKept === entry.isKept) continue
      entry.isKept = isKept
      if (entry.isBootstrap) continue
      entry.backoff = new Backoff(isKept ? dialBackoff.kept : dialBackoff.other, this.#random)
      if (isKept) entry.nextDialMs = 0
    }
  }

  /** The network changed: whatever failed before may work now. */
  retryAll(): void {
    for (const entry of this.#entries.values()) {
      entry.backoff.reset()
      entry.nextDialMs = 0
    }
  }

  /** The oldest peer that nobody asked to keep gives way. */
  #makeRoom(): void {
    if (this.#entries.size < bookLimits.peersMax) return
    for (const entry of this.#entries.values()) {
      if (entry.isBootstrap || entry.isKept || entry.dialling) continue
      this.#entries.delete(entry.peer)
      return
    }
  }
}
