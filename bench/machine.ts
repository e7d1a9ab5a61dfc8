/** On what a figure was measured: without it the figure says nothing. */

import { cpus, loadavg, totalmem } from 'node:os'

export interface Machine {
  readonly cpu: string
  readonly coreCount: number
  readonly memoryBytes: number
  readonly node: string
  /** Over 1, 5 and 15 minutes, when it was asked. */
  readonly loadAverage: readonly number[]
}

export function machineNow(): Machine {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    coreCount: cpus().length,
    memoryBytes: totalmem(),
    node: process.version,
    loadAverage: loadavg(),
  }
}
