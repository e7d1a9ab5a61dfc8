/**
 * What one peer, and all of them together, may make this node do within a while (NET-6): who asks
 * for more is not heard, and what the others may ask for stays theirs.
 */
import type { PeerId } from '../ports/transport.ts'

export interface AllowanceLimits {
  readonly windowMs: number
  readonly peerMax: number
  readonly totalMax: number
}

export class Allowance {
  readonly #limits: AllowanceLimits
  readonly #nowMs: () => number
  readonly #used = new Map<PeerId, number>()
  #total = 0
  #untilMs = 0

  constructor(limits: AllowanceLimits, nowMs: () => number) {
    this.#limits = limits
    this.#nowMs = nowMs
  }

  /** Whether there is one left for this peer; if so it is used. */
  take(peer: PeerId): boolean {
    if (!this.hasLeft(peer)) return false
    this.#used.set(peer, (this.#used.get(peer) ?? 0) + 1)
    this.#total += 1
    return true
  }

  hasLeft(peer: PeerId): boolean {
    const nowMs = this.#nowMs()
    const { windowMs, peerMax, totalMax } = this.#limits
    // Also when the clock was set back.
    if (nowMs >= this.#untilMs || this.#untilMs > nowMs + windowMs) {
      this.#untilMs = nowMs + windowMs
      this.#used.clear()
      this.#total = 0
    }
    return (this.#used.get(peer) ?? 0) < peerMax && this.#total < totalMax
  }
}
