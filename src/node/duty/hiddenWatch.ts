/**
 * EPOCH-7: whether a hidden tab can still serve. Browsers treat hidden tabs differently: one with
 * open WebRTC connections mostly keeps its timers, one that saves power loses them, and a camera
 * stops at once. So it is measured: time that runs late, or beats that ended, and not the hiding.
 */
import type { Clock } from '../../ports/clock.ts'

/** Local policy (EPOCH-7): a quick look at another tab costs no epoch. */
const hiddenMsMin = 10_000

/** The same as a gap in own time (BFT-10). */
const lateMsMax = 2_000

const lookEveryMs = 1_000

interface HiddenOptions {
  readonly clock: Clock
  /** A sensor was chosen, and its beats ended. */
  readonly beatsEnded: () => boolean
  /** Once for each time that the tab is hidden. */
  readonly onAway: () => void
  /** Visible again, after `onAway`. */
  readonly onBack: () => void
}

export class HiddenWatch {
  readonly #options: HiddenOptions
  #hiddenAtMs: number | undefined
  #isAway = false
  #cancel: () => void = () => undefined

  constructor(options: HiddenOptions) {
    this.#options = options
  }

  setHidden(hidden: boolean): void {
    if (hidden === (this.#hiddenAtMs !== undefined)) return
    this.stop()
    if (hidden) {
      this.#hiddenAtMs = this.#options.clock.nowMs()
      this.#lookAfter(this.#hiddenAtMs)
      return
    }
    const wasAway = this.#isAway
    this.#isAway = false
    if (wasAway) this.#options.onBack()
  }

  stop(): void {
    this.#cancel()
    this.#hiddenAtMs = undefined
  }

  #lookAfter(nowMs: number): void {
    this.#cancel = this.#options.clock.after(lookEveryMs, () => {
      this.#look(nowMs + lookEveryMs)
    })
  }

  #look(dueMs: number): void {
    const { clock, beatsEnded, onAway } = this.#options
    const nowMs = clock.nowMs()
    const isLong = nowMs - (this.#hiddenAtMs ?? nowMs) >= hiddenMsMin
    const isSlow = nowMs - dueMs > lateMsMax
    if (isLong && (isSlow || beatsEnded())) {
      this.#isAway = true
      onAway()
    } else this.#lookAfter(nowMs)
  }
}
