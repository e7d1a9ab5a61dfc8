/**
 * The beacon's sharing (BEACON-2 to BEACON-5): each operation for 4 and 21 seats of power 1, what
 * an epoch costs one seat, and the bytes of an epoch on the wire. The group of @noble/curves and
 * ours in turns; processor time of one thread, because a busy machine stretches wall time.
 */

import { machineNow } from './machine.ts'
import { measured, medianOf } from './measure.ts'
import type { Bench } from './bench.ts'
import { nobleGroup } from '../src/core/crypto/pvss/groupNoble.ts'
import { createWasmGroup } from '../workers/sharing/group/wasmGroup.ts'
import { groupOperations, type Operation } from './beacon/groups.ts'
import { epochBytes, sharingOperations } from './beacon/sharing.ts'

const sizes = [4, 21] as const

interface Row {
  readonly name: string
  /** Of one operation, milliseconds of processor time, with each of the groups. */
  readonly mediansMs: readonly number[]
}

export const benchBeacon: Bench = async ({ runs }) => {
  const machine = machineNow()
  const groups = await rowsOf([groupOperations()], runs)
  const backends = [nobleGroup, createWasmGroup()]
  const sharings: { seats: number; rows: Row[]; bytes: ReturnType<typeof epochBytes> }[] = []
  for (const seats of sizes) {
    const rows = await rowsOf(
      backends.map((group) => sharingOperations(seats, group)),
      runs,
    )
    sharings.push({ seats, rows, bytes: epochBytes(seats) })
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
        headOf(`${String(seats)} seats:`, backends),
        ...rows.map(lineOf),
        ...bytes.map(({ name, count }) => `  ${name.padEnd(46)}${String(count).padStart(9)} bytes`),
      ]),
    ],
  }
}

/** The operations of several backends, which have the same names, in turns. */
async function rowsOf(lists: readonly (readonly Operation[])[], runs: number): Promise<Row[]> {
  const rows: Row[] = []
  for (const [index, { name }] of (lists[0] ?? []).entries()) {
    const subjects = lists.flatMap((list) => list.slice(index, index + 1))
    const each = subjects.map((): number[] => [])
    for (let run = -1; run < runs; run += 1) {
      for (const [subject, operation] of subjects.entries()) {
        const cpuMs = await cpuOf(operation)
        // The first runs are on cold code.
        if (run >= 0) each[subject]?.push(cpuMs)
      }
    }
    rows.push({ name, mediansMs: each.map(medianOf) })
  }
  return rows
}

async function cpuOf({ times, perform }: Operation): Promise<number> {
  const { cpuMs } = await measured(async () => {
    for (let time = 0; time < times; time += 1) perform()
    return Promise.resolve()
  })
  return cpuMs / times
}

function headOf(title: string, backends: readonly { readonly name: string }[]): string {
  return title.padEnd(48) + backends.map(({ name }) => name.padStart(16)).join('')
}

function lineOf({ name, mediansMs }: Row): string {
  const cells = mediansMs.map((ms) => `${ms.toFixed(3)} ms`.padStart(16))
  return `  ${name.padEnd(46)}${cells.join('')}`
}

function text(loadAverage: readonly number[]): string {
  return loadAverage.map((load) => load.toFixed(1)).join(' ')
}
