/** A clock whose time passes by hand and whose owner sets it: timers wait for time that passed. */
import type { Clock } from '../../src/ports/clock.ts'

/** What is ready is carried out. */
async function turn(): Promise<void> {
  for (let count = 0; count < 3; count += 1) {
    await new Promise((resolve) => setImmediate(resolve))
  }
}

export class JumpClock implements Clock {
  #steadyMs: number
  #aheadMs = 0
  readonly #timers = new Set<{ readonly atMs: number; readonly callback: () => void }>()

  constructor(startMs: number) {
    this.#steadyMs = startMs
  }

  nowMs(): number {
    return this.#steadyMs + this.#aheadMs
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer = { atMs: this.#steadyMs + delayMs, callback }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  /** The owner sets the clock; no timer notices. */
  set(byMs: number): void {
    this.#aheadMs += byMs
  }

  /** The process does not run: time passes, timers fire when it runs again. */
  sleep(durationMs: number): void {
    this.#steadyMs += durationMs
  }

  /** Timers in their order, and what they set off in between. */
  async pass(durationMs: number): Promise<void> {
    const endMs = this.#steadyMs + durationMs
    for (;;) {
      const [next] = [...this.#timers].sort((left, right) => left.atMs - right.atMs)
      if (next === undefined || next.atMs > endMs) break
      this.#timers.delete(next)
      this.#steadyMs = Math.max(this.#steadyMs, next.atMs)
      next.callback()
      await turn()
    }
    this.#steadyMs = endMs
    await turn()
  }
}
