/** The platform's clock and generator, for pages and processes that only exist in tests. */
import type { Clock } from '../../src/ports/clock.ts'
import type { Random } from '../../src/ports/random.ts'

export const testClock: Clock = {
  nowMs: () => Date.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs)
    return () => {
      clearTimeout(timer)
    }
  },
}

export const testRandom: Random = {
  bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
}
