/** Questions that wait for an answer with the same number, each for a bounded time. */
import type { Clock } from '../../ports/clock.ts'

export class Pending<Answer> {
  readonly #clock: Clock
  readonly #waiting = new Map<number, (answer: Answer) => void>()
  #nextId = 1

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get size(): number {
    return this.#waiting.size
  }

  /** `otherwise` is the answer when none comes in time. */
  open(
    timeoutMs: number,
    otherwise: Answer,
  ): { readonly id: number; readonly promise: Promise<Answer> } {
    const id = this.#nextId
    this.#nextId += 1
    const promise = new Promise<Answer>((resolve) => {
      const cancel = this.#clock.after(timeoutMs, () => {
        this.resolve(id, otherwise)
      })
      this.#waiting.set(id, (answer) => {
        cancel()
        resolve(answer)
      })
    })
    return { id, promise }
  }

  /** An answer that nobody waits for any more is of no use. */
  resolve(id: number, answer: Answer): void {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    waiting?.(answer)
  }
}
