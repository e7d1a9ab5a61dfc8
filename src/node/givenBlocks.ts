/**
 * Whether anybody gives the block that is needed next (SYNC-1). A peer that says to have forgotten
 * it may lie, and what it says costs nothing: a snapshot is forced only when every connected peer
 * says so, or when nobody has given the block for a while.
 */
import type { PeerId } from '../ports/transport.ts'

/** Local policy: asking twelve peers takes 24 s when none of them answers in time. */
const waitMsMax = 30_000

export class GivenBlocks {
  readonly #nowMs: () => number
  readonly #pruned = new Set<PeerId>()
  #height = 0
  /** When the first of them said so. */
  #sinceMs = 0

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
  }

  /** `peer` has forgotten the block of this height, as it says; else it said something else. */
  note(peer: PeerId, height: number, isPruned: boolean): void {
    if (height < this.#height) return
    this.#moveTo(height)
    if (!isPruned) this.#pruned.delete(peer)
    else {
      if (this.#pruned.size === 0) this.#sinceMs = this.#nowMs()
      this.#pruned.add(peer)
    }
  }

  /** `height` is that of the block that is needed; with a higher one somebody gave the last. */
  isForced(connected: readonly PeerId[], height: number): boolean {
    this.#moveTo(height)
    for (const peer of this.#pruned) if (!connected.includes(peer)) this.#pruned.delete(peer)
    if (this.#pruned.size === 0) return false
    // Less than nothing: the clock was set back.
    const waitedMs = this.#nowMs() - this.#sinceMs
    if (waitedMs < 0) this.#sinceMs = this.#nowMs()
    return this.#pruned.size === connected.length || waitedMs >= waitMsMax
  }

  #moveTo(height: number): void {
    if (height === this.#height) return
    this.#height = height
    this.#pruned.clear()
  }
}
