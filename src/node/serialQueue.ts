/**
 * One thing after the other: what may carry a signature waits here for every earlier write of the
 * safety record (BFT-10), across steps.
 */
export class SerialQueue {
  #tail: Promise<void> = Promise.resolve()
  #stopped = false
  readonly #onFailure: (error: unknown) => void

  /** `onFailure` hears the first failure; nothing queued after it runs. */
  constructor(onFailure: (error: unknown) => void) {
    this.#onFailure = onFailure
  }

  push(task: () => Promise<void> | void): void {
    this.#tail = this.#tail.then(async () => {
      if (this.#stopped) return
      try {
        await task()
      } catch (error) {
        this.#stopped = true
        this.#onFailure(error)
      }
    })
  }

  /** What the task gives when its turn comes; undefined when it does not run, or fails. */
  run<T>(task: () => Promise<T>): Promise<T | undefined> {
    let value: T | undefined
    this.push(async () => {
      value = await task()
    })
    return this.#tail.then(() => value)
  }

  stop(): void {
    this.#stopped = true
  }

  /** Resolves when everything queued so far is done. */
  idle(): Promise<void> {
    return this.#tail
  }
}
