/**
 * The beacon's sharing (BEACON-2 to BEACON-5): each operation for 4 and 21 seats of power 1, what
 * an epoch costs one seat, and the bytes of an epoch on the wire. Processor time of one thread,
 * because a busy machine stretches wall time.
 */

import { machineNow } from './machine.ts'
import { measured, medianOf } from './measure.ts'
import type { Bench } from './bench.ts'
import { groupOperations, type Operation } from './beacon/groups.ts'
import { epochBytes, sharingOperations } from './beacon/sharing.ts'

const sizes = [4, 21] as const

interface Row {
  readonly name: string
  /** Of one operation, milliseconds of processor time. */
  readonly medianMs: number
}

export const benchBeacon: Bench = async ({ runs }) => {
  const machine = machineNow()
  const groups = await rowsOf(groupOperations(), runs)
  const sharings: { seats: number; rows: Row[]; bytes: ReturnType<typeof epochBytes> }[] = []
  for (const seats of sizes) {
    const operations = sharingOperations(seats)
    sharings.push({ seats, rows: await rowsOf(operations, runs), bytes: epochBytes(seats) })
  }
  const loadAverageAfter = machineNow().loadAverage
  return {
    data: { bench: 'beacon', machine, loadAverageAfter, groups, sharings },
    table: [
      `${machine.cpu}, ${machine.coreCount} cores, node ${machine.node}`,
      `load before ${text(machine.loadAverage)}, after ${text(loadAverageAfter)}`,
      'processor time, median; one operation:',
      ...groups.map(lineOf),
      ...sharings.flatMap(({ seats, rows, bytes }) => [
        `${String(seats)} seats:`,
        ...rows.map(lineOf),
        ...bytes.map(({ name, count }) => `  ${name.padEnd(46)}${String(count).padStart(9)} bytes`),
      ]),
    ],
  }
}

async function rowsOf(operations: readonly Operation[], runs: number): Promise<Row[]> {
  const rows: Row[] = []
  for (const { name, times, perform } of operations) {
    perform()
    const each: number[] = []
    for (let run = 0; run < runs; run += 1) {
      const { cpuMs } = await measured(async () => {
        for (let time = 0; time < times; time += 1) perform()
        return Promise.resolve()
      })
      each.push(cpuMs / times)
    }
    rows.push({ name, medianMs: medianOf(each) })
  }
  return rows
}

function lineOf({ name, medianMs }: Row): string {
  return `  ${name.padEnd(46)}${medianMs.toFixed(2).padStart(9)} ms`
}

function text(loadAverage: readonly number[]): string {
  return loadAverage.map((load) => load.toFixed(1)).join(' ')
}
