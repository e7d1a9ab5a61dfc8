/**
 * Processor time of the main thread and of all others: what the machine's other work takes away is
 * in neither, so these figures hold on a busy machine where wall time does not.
 */

import { readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'

export interface ThreadTimes {
  /** Of the thread that executes blocks; `NaN` where the system does not say it (not Linux). */
  readonly mainUs: number
  /** Workers that verify, and the engine's own threads: garbage, compiler. */
  readonly otherUs: number
  /** Share of the wall time in which the main thread had work. */
  readonly mainBusy: number
}

/** From now on; call what it returns at the end. */
export function watchThreads(): () => ThreadTimes {
  const [main, all, loop] = [mainUs(), process.cpuUsage(), performance.eventLoopUtilization()]
  return () => {
    const { user, system } = process.cpuUsage(all)
    const used = mainUs() - main
    const mainBusy = performance.eventLoopUtilization(loop).utilization
    return { mainUs: used, otherUs: user + system - used, mainBusy }
  }
}

/** Nanoseconds on a processor, by the scheduler (proc(5)). */
function mainUs(): number {
  try {
    const text = readFileSync(`/proc/self/task/${String(process.pid)}/schedstat`, 'utf8')
    return Number(text.split(' ')[0]) / 1000
  } catch {
    return NaN
  }
}
