/**
 * What agreement costs by seats, validators and load (`npm run bench -- consensus-cost`): how long
 * a commit certificate takes at the seats and at everybody else, what a seat uploads a view, and
 * what its processor spends a view by the costs of `sim/node/costs.ts`.
 *
 * The production core in a simulated network, with modelled processor times: the figures depend on
 * the options and not on the machine, but for `hostMs`, the processor time of this process for each
 * simulated seat and view. `--runs N` is how many committees are drawn for each row.
 */
import { runDraws, type DrawOptions } from '../sim/draws.ts'
import { quantiles } from '../sim/metrics.ts'
import { regionSets } from '../sim/network/regions.ts'
import { tabCosts } from '../sim/node/costs.ts'
import type { LoadOptions } from '../sim/node/load.ts'
import { timesWith } from '../sim/options.ts'
import { paramDefinitions } from '../src/core/params.ts'
import type { Bench } from './bench.ts'
import { costPlot, type CostRow } from './consensus/costPlot.ts'
import { machineNow } from './machine.ts'

/** 63 is the most that a committee may have. */
const seatCounts = [4, 21, 63]
const validatorCounts = [100, 1000, 10_000]
const loads = [0, 1000, 10_000]

export const benchConsensusCost: Bench = ({ runs }) => {
  const before = machineNow()
  const rows = plans().map((plan) => measure({ ...plan, draws: runs }))
  const data = { before, after: machineNow(), rows }
  return Promise.resolve({ data, table: tableOf(rows), svg: costPlot(rows) })
}

interface Plan {
  readonly seats: number
  readonly validators: number
  readonly tps: number
}

/** More seats than 21 cannot send 10,000 payments a second over homes, and fewer need not. */
function plans(): readonly Plan[] {
  return loads.flatMap((tps) =>
    seatCounts.flatMap((seats) =>
      validatorCounts
        .filter((validators) => tps === 0 || validators === 1000)
        .filter(() => tps <= 1000 || seats === 21)
        .map((validators) => ({ seats, validators, tps })),
    ),
  )
}

function measure({ draws, ...plan }: Plan & { readonly draws: number }): CostRow {
  const start = process.cpuUsage()
  const result = runDraws(optionsOf(plan, draws))
  const { user, system } = process.cpuUsage(start)
  const { views, blocks, violations, seatsMs, followersMs } = result
  const seatViews = Math.max(1, views * plan.seats)
  return {
    ...plan,
    seatsMs: quantiles(seatsMs),
    othersMs: quantiles(followersMs),
    bytesPerSeatView: Math.round(result.sentBytes / seatViews),
    modelMs: result.processorUs / 1000 / seatViews,
    hostMs: (user + system) / 1000 / seatViews,
    views,
    blocks,
    violations,
  }
}

function optionsOf({ seats, validators, tps }: Plan, draws: number): DrawOptions {
  const { blockBytesMax, blockTransactionsMax } = paramDefinitions
  const load: LoadOptions = {
    tps,
    transactionBytes: 200,
    blockBytesMax: Number(blockBytesMax.max),
    blockTransactionsMax: Number(blockTransactionsMax.max),
    executeEachUs: 0,
    reaches: () => true,
    takes: () => true,
  }
  return {
    seed: 1,
    validators,
    seats,
    regions: regionSets['ten'] ?? [],
    uploadMbps: 20,
    draws,
    seconds: 8,
    offline: 0,
    lossShare: 0,
    // A block as large as a chain may choose does not hold 10,000 payments.
    times: timesWith({ blockIntervalMs: tps > 1000 ? 330 : 1000 }),
    costs: tabCosts,
    dissemination: 'relays',
    relayCheckUs: 1500,
    warmUpSeconds: tps === 0 ? 1 : 3,
    ...(tps > 0 && { load }),
  }
}

function tableOf(rows: readonly CostRow[]): readonly string[] {
  const whole = (value: number): string => value.toFixed(0).padStart(7)
  return [
    'seats validators    tps  seats p50    p95 others p50   p95   B/seat·view  ms/seat·view  here',
    ...rows.map((row) =>
      [
        String(row.seats).padStart(5),
        String(row.validators).padStart(10),
        String(row.tps).padStart(6),
        whole(row.seatsMs.p50).padStart(10),
        whole(row.seatsMs.p95),
        whole(row.othersMs.p50),
        whole(row.othersMs.p95),
        whole(row.bytesPerSeatView).padStart(11),
        row.modelMs.toFixed(1).padStart(12),
        row.hostMs.toFixed(1).padStart(8),
        row.violations.length === 0 ? '' : `BROKEN: ${String(row.violations[0])}`,
      ].join(' '),
    ),
  ]
}
