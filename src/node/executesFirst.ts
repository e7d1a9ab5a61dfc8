/**
 * How far behind a node takes a snapshot (SYNC-1). One that keeps blocks for others would lose them
 * by that, so up to a bound it executes what it missed instead (SYNC-4, decision 0041).
 */
import type { Clock } from '../ports/clock.ts'
import type { Chain } from './chain.ts'
import type { RetentionPolicy } from './retention.ts'

interface Parts {
  readonly chain: Chain
  readonly clock: Clock
  /** Of a node that has nothing to lose. */
  readonly behindEpochs: number
  readonly retention?: RetentionPolicy
}

export class ExecutesFirst {
  readonly #parts: Parts
  /** Since when it seems to be as far behind as others take a snapshot. */
  #sinceMs: number | undefined

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** `seemsBehind`: epochs, as peers say. */
  async behindEpochs(seemsBehind: number): Promise<number> {
    const { behindEpochs, chain, clock, retention } = this.#parts
    const { executes } = retention ?? {}
    if (seemsBehind < behindEpochs) this.#sinceMs = undefined
    if (executes === undefined || seemsBehind < behindEpochs) return behindEpochs
    if ((await chain.store.readBlocks(0, 1)).length === 0) return behindEpochs
    const nowMs = clock.nowMs()
    // Before that: the clock was set back.
    if (this.#sinceMs === undefined || this.#sinceMs > nowMs) this.#sinceMs = nowMs
    const hasTime = nowMs - this.#sinceMs < executes.forMs
    return hasTime ? Math.max(behindEpochs, executes.epochs) : behindEpochs
  }
}
