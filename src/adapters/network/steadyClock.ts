/**
 * A clock whose time only passes: back-off, blocks and pings of the network wait for time, whatever
 * the owner of the device sets its clock to.
 */
import type { Clock } from '../../ports/clock.ts'

/** Starts at the time of `clock`, in whole ms, and takes its timers. */
export function steadyClock(clock: Clock): Clock {
  const startMs = clock.nowMs()
  const zeroMs = performance.now()
  return {
    nowMs: () => startMs + Math.floor(performance.now() - zeroMs),
    after: (delayMs, callback) => clock.after(delayMs, callback),
  }
}
