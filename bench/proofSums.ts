/**
 * What decisions 0006 and 0053 say of the sums of a proof, measured: scalars in halves against
 * whole ones, two products in the lanes of vectors against one after the other, one thread against
 * two. In Node, each pair in turns in one process; the results of a pair are compared.
 */

import type { Bench } from './bench.ts'
import { machineNow } from './machine.ts'
import { lanesTable, measureLanes } from './proof/lanes.ts'
import { measureThreads, threadsTable } from './proof/threads.ts'
import { measureWays, waysTable } from './proof/ways.ts'

export const benchProofSums: Bench = async ({ runs }) => {
  const before = machineNow()
  const ways = [
    await measureWays('emotional_proof', runs),
    await measureWays('liveness_proof', runs),
  ]
  const lanes = measureLanes(runs)
  const threads = await measureThreads('emotional_proof', runs)
  return {
    data: { bench: 'proof-sums', machine: before, ways, lanes, threads },
    table: [
      `${before.cpu}, ${String(before.coreCount)} cores, node ${before.node}`,
      `load before ${before.loadAverage.map((load) => load.toFixed(1)).join(' ')}`,
      ...waysTable(ways),
      ...lanesTable(lanes),
      ...threadsTable(threads),
    ],
  }
}
