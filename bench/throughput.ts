/**
 * Transfers through one node: decode, check, execute, state root, store. Stage by stage on one
 * thread, then the whole way on the threads of a node with every signature verified. In
 * microseconds of processor time for each transaction, and transactions a second of wall time.
 *
 * How many of them a chain can hold (PACE-1, `blockBytesMax`) is no figure of a machine: see the
 * notes that the table ends with.
 */

import type { Bench } from './bench.ts'
import { machineNow } from './machine.ts'
import { medianOf } from './measure.ts'
import { openBenchNode } from './throughput/node.ts'
import { notesFor } from './throughput/notes.ts'
import { measureBlock, stageNames, type StageName, type Stages } from './throughput/stages.ts'
import { measurePipeline, type Pipeline } from './throughput/pipeline.ts'
import { makeWorld, signTransfers } from './throughput/world.ts'

const accountCounts = [1_000, 10_000, 100_000]
const blockSizes = [500, 2_000]
/** Blocks before those that count, so that the compiler of the engine has seen the code. */
const warmUpBlocks = 3

interface Row {
  readonly accounts: number
  readonly blockTransactions: number
  readonly transactionBytes: number
  readonly stage: StageName
  /** Medians over the runs, of what one transaction takes. */
  readonly cpuUs: number
  readonly wallUs: number
  readonly perSecond: number
}

export const benchThroughput: Bench = async ({ runs }) => {
  const before = machineNow()
  await measureWorld(1_000, 1)
  const rows: Row[] = []
  for (const accounts of accountCounts) rows.push(...(await measureWorld(accounts, runs)))
  const pipelines: Pipeline[] = []
  for (const arrival of ['block', 'batch'] as const) {
    pipelines.push(await measurePipeline({ accounts: 10_000, size: 2_000, runs, arrival }))
  }
  const after = machineNow()
  const notes = notesFor(rows[0]?.transactionBytes ?? NaN)
  return {
    data: {
      bench: 'throughput',
      machine: before,
      loadAverageAfter: after.loadAverage,
      runs,
      rows,
      pipelines,
      notes,
    },
    table: [
      `${before.cpu}, ${before.coreCount} cores, node ${before.node}`,
      `load before ${text(before.loadAverage)}, after ${text(after.loadAverage)}`,
      `medians of ${runs} blocks; µs of processor time a transaction, and transactions a second`,
      ...tableOf(rows),
      'with every signature, blocks of 2000 on 10k accounts, one thread that verifies ahead:',
      ...pipelines.map(lineOf),
      ...notes,
    ],
  }
}

function lineOf({ arrival, perSecond, mainUs, otherUs, mainBusy }: Pipeline): string {
  const share = `main thread busy ${(100 * mainBusy).toFixed(0)} %`
  const each = `${mainUs.toFixed(1)} µs on the main thread, ${otherUs.toFixed(1)} µs on others`
  return `  payments come by ${arrival}: ${perSecond}/s, ${share}; processor time each: ${each}`
}

async function measureWorld(accounts: number, runs: number): Promise<readonly Row[]> {
  const world = makeWorld(accounts)
  const node = await openBenchNode(world)
  try {
    let from = 0
    const rows: Row[] = []
    for (const size of blockSizes) {
      const measuredBlocks: Stages[] = []
      let bytes = 0
      for (let run = -warmUpBlocks; run < runs; run += 1) {
        const transfers = signTransfers(world, from, size)
        from += size
        bytes = transfers.body.length / size
        const stages = await measureBlock(node, transfers)
        if (run >= 0) measuredBlocks.push(stages)
      }
      const of = { accounts, size, bytes }
      rows.push(...stageNames.map((stage) => rowOf(stage, measuredBlocks, of)))
    }
    return rows
  } finally {
    await node.close()
  }
}

function rowOf(
  stage: StageName,
  blocks: readonly Stages[],
  of: { readonly accounts: number; readonly size: number; readonly bytes: number },
): Row {
  const cpuUs = 1000 * medianOf(blocks.map((stages) => stages[stage].cpuMs))
  const wallUs = 1000 * medianOf(blocks.map((stages) => stages[stage].wallMs))
  return {
    accounts: of.accounts,
    blockTransactions: of.size,
    transactionBytes: Math.round(of.bytes),
    stage,
    cpuUs,
    wallUs,
    perSecond: Math.round(1e6 / wallUs),
  }
}

function tableOf(rows: readonly Row[]): readonly string[] {
  const columns = accountCounts.flatMap((accounts) =>
    blockSizes.map((size) => ({ accounts, size })),
  )
  const head = columns.map(({ accounts, size }) => `${size} on ${accounts / 1_000}k`)
  return [
    `${'stage'.padEnd(20)}${head.map((title) => title.padStart(16)).join('')}`,
    ...stageNames.map((stage) => {
      const cells = columns.map(({ accounts, size }) => {
        const row = rows.find(
          (each) =>
            each.stage === stage && each.accounts === accounts && each.blockTransactions === size,
        )
        return row === undefined ? '' : `${row.cpuUs.toFixed(1)} ${row.perSecond}/s`
      })
      return stage.padEnd(20) + cells.map((cell) => cell.padStart(16)).join('')
    }),
  ]
}

function text(loadAverage: readonly number[]): string {
  return loadAverage.map((load) => load.toFixed(1)).join(' ')
}
