/**
 * Whether the sensor has been in contact since the challenge was answered (LIVE-6, SENS-3). Contact
 * that is lost for more than 10 s ends an answered credential: behind it could be another heart.
 */
import type { Pulse } from '../../ports/pulse.ts'

/** LIVE-6. */
const contactLostMsMax = 10_000

export class ContactWatch {
  /** When contact was last seen, or the watch began. */
  #seenMs: number
  #isLost = false

  constructor(nowMs: number) {
    this.#seenMs = nowMs
  }

  look(pulse: Pulse | undefined, nowMs: number): void {
    this.#isLost = pulse?.freshness(nowMs) !== 'fresh'
    if (!this.#isLost) this.#seenMs = nowMs
  }

  /** Undefined while beats come. */
  get lostSinceMs(): number | undefined {
    return this.#isLost ? this.#seenMs : undefined
  }

  isBroken(nowMs: number): boolean {
    return this.#isLost && nowMs - this.#seenMs > contactLostMsMax
  }
}
