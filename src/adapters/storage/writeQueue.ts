/**
 * One write at a time, in two lanes (BFT-10): what a vote waits for goes before what does not, and
 * within a lane the order is that of asking.
 */

export type Lane = 'first' | 'later'

export interface WriteQueue {
  /** Settles as `task` does, which begins when nothing else runs and its turn has come. */
  readonly run: (lane: Lane, task: () => Promise<void>) => Promise<void>
  /** When every task asked for so far has ended, well or not. */
  readonly settled: () => Promise<void>
}

export function createWriteQueue(): WriteQueue {
  const lanes: Record<Lane, (() => Promise<void>)[]> = { first: [], later: [] }
  const open = new Set<Promise<void>>()
  let isRunning = false

  async function drain(): Promise<void> {
    if (isRunning) return
    isRunning = true
    for (;;) {
      const next = lanes.first.shift() ?? lanes.later.shift()
      if (next === undefined) break
      await next()
    }
    isRunning = false
  }

  return {
    run(lane, task) {
      const ended = new Promise<void>((resolve, reject) => {
        lanes[lane].push(async () => {
          await task().then(resolve, reject)
        })
      })
      const forgotten = ended
        .catch(() => undefined)
        .finally(() => {
          open.delete(forgotten)
        })
      open.add(forgotten)
      void drain()
      return ended
    },
    async settled() {
      await Promise.all(open)
    },
  }
}
