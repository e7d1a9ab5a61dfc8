/**
 * Addresses worth remembering for the next session (NET-1): of relays and of peers reached
 * directly.
 */
import type { Parts } from './parts.ts'
import { isRelayed } from './paths.ts'
import { bookLimits } from './peerBook.ts'

export const rememberedLimits = { everyMs: 10_000, addressesMax: 64 } as const

export class Remembered {
  readonly #parts: Parts
  #nextMs = 0
  #last = ''

  constructor(parts: Parts) {
    this.#parts = parts
  }

  tick(): void {
    const { clock, onRemember } = this.#parts.options
    if (onRemember === undefined || clock.nowMs() < this.#nextMs) return
    this.#nextMs = clock.nowMs() + rememberedLimits.everyMs
    const addresses = this.#addresses()
    const text = addresses.join(' ')
    if (text === this.#last || addresses.length === 0) return
    this.#last = text
    onRemember(addresses)
  }

  #addresses(): readonly string[] {
    const { peers, book } = this.#parts
    const found = new Set<string>()
    for (const peer of peers.connected().slice(0, bookLimits.peersMax)) {
      const best = peers.best(peer)
      if (best === undefined || isRelayed(best)) continue
      for (const address of book.get(peer)?.addresses ?? []) {
        found.add(address.endsWith(`/p2p/${peer}`) ? address : `${address}/p2p/${peer}`)
      }
    }
    return [...found].sort().slice(0, rememberedLimits.addressesMax)
  }
}
