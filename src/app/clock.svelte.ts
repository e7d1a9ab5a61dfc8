/**
 * Time for what the page shows: ten times a second while the page is visible, once a second where
 * motion is to be reduced. Never used for anything that is signed.
 */

const stepMs = 100
const calmStepMs = 1000

export class Clock {
  #nowMs = $state(Date.now())
  /** What must be added to this device's time to get the network's. */
  #offsetMs = 0
  #timer: ReturnType<typeof setInterval> | undefined

  get nowMs(): number {
    return this.#nowMs
  }

  follow(networkMs: number): void {
    this.#offsetMs = networkMs - Date.now()
  }

  /** Returns a function that stops it. */
  run(): () => void {
    const reduced = window.matchMedia('(prefers-reduced-motion: reduce)')
    const restart = (): void => {
      clearInterval(this.#timer)
      this.#timer = undefined
      if (document.hidden) return
      this.#tick()
      this.#timer = setInterval(
        () => {
          this.#tick()
        },
        reduced.matches ? calmStepMs : stepMs,
      )
    }
    document.addEventListener('visibilitychange', restart)
    reduced.addEventListener('change', restart)
    restart()
    return () => {
      clearInterval(this.#timer)
      document.removeEventListener('visibilitychange', restart)
      reduced.removeEventListener('change', restart)
    }
  }

  #tick(): void {
    this.#nowMs = Date.now() + this.#offsetMs
  }
}
