/**
 * `npm run sim`: the agreement in a simulated network (docs/guides/simulator.md).
 *
 *   --scenario NAME   a named adversary, or `all`; without it: finality of a large network
 *   --seeds N         scenarios: how many seeds, from --seed on
 *   --endurance VIEWS one committee for so long: what its seats hold, and the heap after collection
 *   --campaign VIEWS  scenarios and committee sizes at random until so many views are simulated
 *   --validators N    everyone (default 10000)        --committee N   seats (default 21)
 *   --regions NAME    ten, eu-us or one               --offline N     seats that are away
 *   --draws N         committees drawn (default 10)   --seconds N     each serves (default 20)
 *   --loss PERCENT    packets lost and sent again     --interval MS   time between blocks
 *   --followers HOW   relays, commits or peers        --seed N        --json
 *   --byzantine N     faulty seats: the scenario's, or seats that sign all and propose late
 *   --crypto real     BLS12-381 in scenarios          --svg FILE      views of the first run
 *   --tps N           payments of 200 bytes a second  --execute US    processor of each payment
 *
 * An option that a kind of run has no use for is refused.
 */
import { writeFileSync } from 'node:fs'
import { blsBlst } from '../src/adapters/crypto/blsBlst.ts'
import { campaign } from '../sim/campaign.ts'
import { runDraws, type DrawResult } from '../sim/draws.ts'
import { Endurance } from '../sim/endurance.ts'
import { quantiles } from '../sim/metrics.ts'
import { paramDefinitions } from '../src/core/params.ts'
import { regionSets } from '../sim/network/regions.ts'
import { tabCosts } from '../sim/node/costs.ts'
import { timesWith } from '../sim/options.ts'
import { timeline } from '../sim/report/timeline.ts'
import { scenarios } from '../sim/scenarios/all.ts'
import type { Outcome } from '../sim/scenarios/scenario.ts'
import { collectedHeap } from './lib/collectedHeap.ts'
import { commandLine, refuse, wholeNumber } from './lib/commandLine.ts'
import { conflictOf, runKinds } from './lib/simOptions.ts'

const text = { type: 'string' } as const
const { values: given } = commandLine({
  options: {
    scenario: text,
    campaign: text,
    endurance: text,
    seeds: text,
    seed: text,
    validators: text,
    committee: text,
    regions: text,
    offline: text,
    draws: text,
    seconds: text,
    loss: text,
    interval: text,
    followers: text,
    byzantine: text,
    crypto: text,
    tps: text,
    execute: text,
    svg: text,
    json: { type: 'boolean' },
  },
})

const defaults = {
  seeds: '1',
  seed: '1',
  validators: '10000',
  committee: '21',
  regions: 'ten',
  offline: '0',
  draws: '10',
  seconds: '20',
  loss: '0',
  interval: '1000',
  followers: 'relays',
  crypto: 'modelled',
  tps: '0',
  execute: '0',
  json: false,
}
const values = { ...defaults, ...given }

const kind = runKinds.find((one) => given[one] !== undefined) ?? 'network'
const conflict = conflictOf(kind, Object.keys(given))
if (conflict !== undefined) refuse('OPTION_CONFLICT', conflict)

function whole(name: keyof typeof values, least: number, most: number): number {
  return wholeNumber(name, String(values[name]), { least, most })
}

function print(rows: readonly (readonly (string | number)[])[], data: object): void {
  const printed = values.json
    ? JSON.stringify(data, undefined, 2)
    : rows.map((row) => row.join('  ')).join('\n')
  process.stdout.write(`${printed}\n`)
}

function runScenarios(names: string): number {
  const chosen = scenarios.filter(({ name }) => names === 'all' || name === names)
  if (chosen.length === 0) {
    const known = scenarios.map(({ name, about }) => `  ${name.padEnd(24)} ${about}`)
    refuse('OPTION_VALUE', `There is no scenario ${names}. Known are:\n${known.join('\n')}`)
  }
  const [seed, seeds] = [whole('seed', 0, 2 ** 31), whole('seeds', 1, 100_000)]
  const seats = whole('committee', 4, 63)
  if (values.crypto !== 'modelled' && values.crypto !== 'real') {
    refuse('OPTION_VALUE', '--crypto takes modelled or real.')
  }
  const setting = {
    seats,
    ...(values.byzantine !== undefined && { byzantine: whole('byzantine', 0, seats) }),
    ...(values.crypto === 'real' && { bls: blsBlst }),
  }
  let failed = 0
  let first: Outcome['timeline']
  const results = chosen.flatMap(({ name, run }) =>
    Array.from({ length: seeds }, (_none, index) => {
      const { timeline: views, ...outcome } = run({ ...setting, seed: seed + index })
      first ??= views
      if (outcome.failures.length > 0) failed += 1
      return { name, seed: seed + index, seats, ...outcome }
    }),
  )
  const rows = results.map(({ name, seed: of, facts, failures, audit }) => [
    failures.length === 0 ? 'ok  ' : 'FAIL',
    name.padEnd(24),
    `seed ${String(of)}`.padEnd(10),
    audit.slice(0, 16),
    Object.entries(facts)
      .map(([fact, value]) => `${fact} ${String(value)}`)
      .join(', '),
    failures.slice(0, 2).join('; '),
  ])
  if (values.svg !== undefined) writeFileSync(values.svg, timeline(first ?? []))
  print(rows, { results })
  return failed
}

function runCampaign(): number {
  const views = whole('campaign', 1, 100_000_000)
  const found = campaign({ views, seed: whole('seed', 0, 2 ** 31) }, (line) => {
    process.stderr.write(`${line}\n`)
  })
  const { runs, views: done, seeds, failures } = found
  const rows = [
    [`${String(done)} views in ${String(runs)} runs, ${String(seeds)} seeds:`],
    [failures.length === 0 ? 'no invariant broken' : `${String(failures.length)} runs failed`],
    ...failures.map(({ name, seed, seats, text }) => [
      `${name} --committee ${String(seats)} --seed ${String(seed)}: ${text}`,
    ]),
  ]
  print(rows, found)
  return failures.length
}

function paymentsRow({ paymentsPerSecond, paymentsMs }: DrawResult): readonly string[] {
  const perSecond = quantiles(paymentsPerSecond).p50.toFixed(0)
  const { p50, p95 } = quantiles(paymentsMs)
  return [
    `${perSecond} payments a second final (blocks as large as a chain may choose),`,
    `after ${p50.toFixed(0)} ms (median), ${p95.toFixed(0)} ms (95 %)`,
  ]
}

function runNetwork(): number {
  const regions = regionSets[values.regions]
  if (regions === undefined) {
    refuse('OPTION_VALUE', `--regions takes ${Object.keys(regionSets).join(', ')}.`)
  }
  const { followers } = values
  if (followers !== 'relays' && followers !== 'commits' && followers !== 'peers') {
    refuse('OPTION_VALUE', '--followers takes relays, commits or peers.')
  }
  const seats = whole('committee', 4, 63)
  const tps = whole('tps', 0, 100_000)
  const { blockBytesMax, blockTransactionsMax } = paramDefinitions
  const load = {
    tps,
    transactionBytes: 200,
    blockBytesMax: Number(blockBytesMax.max),
    blockTransactionsMax: Number(blockTransactionsMax.max),
    executeEachUs: whole('execute', 0, 100_000),
    reaches: () => true,
    takes: () => true,
  }
  const result = runDraws({
    seed: whole('seed', 0, 2 ** 31),
    validators: whole('validators', seats, 100_000),
    seats,
    regions,
    uploadMbps: 20,
    draws: whole('draws', 1, 10_000),
    seconds: whole('seconds', 3, 3600),
    offline: whole('offline', 0, seats),
    byzantine: values.byzantine === undefined ? 0 : whole('byzantine', 0, seats),
    lossShare: whole('loss', 0, 50) / 100,
    times: timesWith({ blockIntervalMs: whole('interval', 0, 30_000) }),
    costs: tabCosts,
    dissemination: followers,
    relayCheckUs: 1500,
    warmUpSeconds: tps > 0 ? 3 : 1,
    ...(tps > 0 && { load }),
  })
  if (values.svg !== undefined) writeFileSync(values.svg, timeline(result.timeline))
  const at = quantiles(result.seatsMs)
  const all = quantiles(result.followersMs)
  const ms = (value: number): string => value.toFixed(0).padStart(5)
  const rows = [
    ['from the proposal to the commit certificate, ms', '  p50', '  p95', '  p99'],
    ['at the seats                                   ', ms(at.p50), ms(at.p95), ms(at.p99)],
    ['at the other validators                        ', ms(all.p50), ms(all.p95), ms(all.p99)],
    [
      `${String(result.blocks)} blocks of ${values.draws} committees of ${String(seats)};`,
      `upload of the busiest seat ${result.uploadMbps.toFixed(2)} Mb/s`,
    ],
    ...(tps > 0 ? [paymentsRow(result)] : []),
    ['modelled: processor (costs.ts), a home’s last mile of 12 ms (links.ts), one thread a seat'],
    ...result.violations.map((violation) => [`BROKEN: ${violation}`]),
  ]
  const { violations, audits, views, blocks, uploadMbps, paymentsPerSecond } = result
  print(rows, {
    options: values,
    seatsMs: at,
    followersMs: all,
    views,
    blocks,
    uploadMbps,
    paymentsPerSecond,
    paymentsMs: quantiles(result.paymentsMs),
    audits,
    violations,
  })
  return violations.length
}

/** The heap may differ by so much between the first sample and the last. */
const heapGrowthMax = 2 * 1024 * 1024

function runEndurance(): number {
  const views = whole('endurance', 10, 10_000_000)
  const run = new Endurance({ seats: whole('committee', 4, 63), seed: whole('seed', 0, 2 ** 31) })
  const samples = Array.from({ length: 10 }, (_none, index) => {
    run.runTo(Math.floor((views * (index + 1)) / 10))
    return { ...run.sample(), heapBytes: collectedHeap().heapBytes }
  })
  const heaps = samples.map(({ heapBytes }) => heapBytes)
  const grownBytes = (heaps.at(-1) ?? 0) - (heaps[0] ?? 0)
  const isFlat = grownBytes <= heapGrowthMax
  const limit = (heapGrowthMax / 1024).toFixed(0)
  print(
    [
      ['  view  final  views  blocks  marks  pending  record B  B a view  heap KiB'],
      ...samples.map((one) => [
        String(one.view).padStart(6),
        String(one.finalView).padStart(6),
        ...[one.views, one.blocks, one.marks].map((value) => String(value).padStart(5)),
        ...[one.pending, one.recordBytes, one.bytesPerView].map((value) =>
          String(value).padStart(8),
        ),
        (one.heapBytes / 1024).toFixed(0).padStart(8),
      ]),
      [isFlat ? 'flat' : 'GROWS', `by ${(grownBytes / 1024).toFixed(0)} KiB, ${limit} are allowed`],
    ],
    { samples, grownBytes, isFlat },
  )
  return isFlat ? 0 : 1
}

const runs = {
  endurance: runEndurance,
  campaign: runCampaign,
  scenario: () => runScenarios(values.scenario ?? ''),
  network: runNetwork,
}
const failed = runs[kind]()
process.exitCode = failed === 0 ? 0 : 1
