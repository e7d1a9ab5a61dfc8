/**
 * Time and timers of Node (DET-2). A timer that fires early is set again: never before its time.
 */

import type { Clock } from '../../ports/clock.ts'

/** What a 32-bit timer can wait. */
const timeoutMsMax = 2 ** 31 - 1

export const nodeClock: Clock = {
  nowMs: () => Date.now(),
  after(delayMs, callback) {
    const dueMs = performance.now() + delayMs
    let timer: ReturnType<typeof setTimeout>
    const arm = (): void => {
      const leftMs = Math.ceil(dueMs - performance.now())
      timer = setTimeout(fire, Math.min(Math.max(leftMs, 0), timeoutMsMax))
    }
    const fire = (): void => {
      if (performance.now() < dueMs) arm()
      else callback()
    }
    arm()
    return () => {
      clearTimeout(timer)
    }
  },
}
