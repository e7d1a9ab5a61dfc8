/** The platform's clock in a worker: its timers are not throttled with the tab. */
import type { Clock } from '../../src/ports/clock.ts'

export const workerClock: Clock = {
  nowMs: () => Date.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs)
    return () => {
      clearTimeout(timer)
    }
  },
}
