/** A clock for tests of what waits. */
import { at } from '../../test/sim/bench4.ts'
import type { Clock } from '../ports/clock.ts'

/** Time that only moves when the test says so. */
export class HandClock implements Clock {
  #nowMs: number = at(10)
  readonly #timers = new Set<{ readonly atMs: number; readonly callback: () => void }>()

  nowMs(): number {
    return this.#nowMs
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer = { atMs: this.#nowMs + delayMs, callback }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  /** Timers in their order, and what they set off in between. */
  async pass(durationMs: number): Promise<void> {
    const endMs = this.#nowMs + durationMs
    for (;;) {
      const [next] = [...this.#timers].sort((left, right) => left.atMs - right.atMs)
      if (next === undefined || next.atMs > endMs) break
      this.#timers.delete(next)
      this.#nowMs = Math.max(this.#nowMs, next.atMs)
      next.callback()
      await new Promise((resolve) => setTimeout(resolve, 0))
    }
    this.#nowMs = endMs
  }
}
