/**
 * Finality of the agreement: what signatures and durable writes cost here, and, with those costs,
 * how long a commit certificate takes in a simulated network of 10,000 validators (`npm run sim`).
 *
 * Every row is the production core over measured latencies between regions; the last mile of a home
 * is an assumption (sim/network/links.ts). A lever is a row of its own.
 */
import { runDraws, type DrawOptions, type DrawResult } from '../sim/draws.ts'
import { quantiles } from '../sim/metrics.ts'
import { regionSets } from '../sim/network/regions.ts'
import type { Costs } from '../sim/node/costs.ts'
import { timesWith } from '../sim/options.ts'
import type { Bench } from './bench.ts'
import { durableWrites } from './consensus/durableWrite.ts'
import { signatureCosts, type SignatureCosts } from './consensus/signatureCosts.ts'
import { machineNow } from './machine.ts'
import { medianOf } from './measure.ts'

/** A step of the agreement without its signatures, and an empty block, µs: `step` in a tab. */
const stepUs = 150
const executeUs = 1000

export const benchConsensus: Bench = async ({ runs }) => {
  const before = machineNow()
  const signatures = await signatureCosts(runs)
  const writes = await durableWrites(runs * 20)
  const durableMs = medianOf(writes)
  const [wasm, native] = signatures
  if (wasm === undefined || native === undefined) throw new Error('two backends are measured')
  const tab = costsOf(wasm, durableMs)
  const standard = standardDraw(tab, native, runs)
  const rows = rowsOf(standard, costsOf(native, durableMs)).map(({ name, options, budget }) => {
    const result = runDraws(options)
    return { name, budget, ...summary(result) }
  })
  const data = { before, after: machineNow(), signatures, durableMs: quantiles(writes), rows }
  return { data, table: tableOf(signatures, durableMs, rows) }
}

function costsOf(measured: SignatureCosts, durableMs: number): Costs {
  const us = (ms: number): number => Math.round(ms * 1000)
  const hash = Math.max(0, us(measured.sign - measured.signAgain))
  const made = us(measured.verifyMade)
  return {
    hash,
    sign: us(measured.signAgain),
    verify: Math.max(0, us(measured.verify) - hash),
    aggregateVerify: made,
    aggregateVerifyKey: 0,
    aggregateDecode: Math.max(0, us(measured.verifyCertificate) - hash - made),
    aggregateEach: us(measured.aggregate / 15),
    prepares: true,
    step: stepUs,
    execute: executeUs,
    durable: us(durableMs),
  }
}

/** What decision 0017 changed, but for the COMMIT that is signed ahead. */
function hashedEachTime(costs: Costs): Costs {
  const { hash, sign, verify, aggregateVerify, aggregateDecode } = costs
  return {
    ...costs,
    hash: 0,
    sign: sign + hash,
    verify: verify + hash,
    aggregateVerify: aggregateVerify + aggregateDecode + hash,
    aggregateDecode: 0,
  }
}

function standardDraw(costs: Costs, relay: SignatureCosts, runs: number): DrawOptions {
  return {
    seed: 1,
    validators: 10_000,
    seats: 21,
    regions: regionSets['ten'] ?? [],
    uploadMbps: 20,
    draws: runs * 4,
    seconds: 16,
    offline: 0,
    lossShare: 0,
    times: timesWith({}),
    costs,
    dissemination: 'relays',
    relayCheckUs: Math.round(relay.verifyCertificate * 1000),
    warmUpSeconds: 1,
  }
}

interface Plan {
  readonly name: string
  readonly options: DrawOptions
  /** p95 at the seats and at the others, ms. */
  readonly budget: readonly [number | undefined, number | undefined]
}

function rowsOf(standard: DrawOptions, native: Costs): readonly Plan[] {
  const europe = regionSets['eu-us'] ?? []
  const none = [undefined, undefined] as const
  const draw = (name: string, change: Partial<DrawOptions>, budget: Plan['budget']): Plan => ({
    name,
    options: { ...standard, ...change },
    budget,
  })
  // Who is away is known after two rounds of leaders (BFT-1): only what follows is counted.
  // Committees differ more than blocks do, and 30 s of one hold few blocks: as many as elsewhere.
  const away = { offline: 6, seconds: 90, warmUpSeconds: 60 }
  const less = { draws: Math.ceil(standard.draws / 4) }
  return [
    draw('ten regions, homes', {}, [480, 640]),
    draw('ten regions, 6 of 21 away', away, [620, undefined]),
    draw('Europe and US', { regions: europe }, [400, undefined]),
    draw('1 % of packets lost', { lossShare: 0.01 }, none),
    draw('lever: relays hear each COMMIT', { ...less, dissemination: 'commits' }, none),
    draw('lever: no relays, peers push', { ...less, dissemination: 'peers' }, none),
    draw('lever: messages hashed each time', { costs: hashedEachTime(standard.costs) }, none),
    draw('lever: votes decoded at quorum', { costs: { ...standard.costs, prepares: false } }, none),
    draw('lever: native signatures', { costs: native }, none),
    draw('lever: writes cost nothing', { costs: { ...standard.costs, durable: 0 } }, none),
    draw('4 seats', { seats: 4 }, none),
    draw('63 seats', { ...less, seats: 63, seconds: 8 }, none),
    draw('100 validators', { ...less, validators: 100 }, none),
    draw('1000 validators', { ...less, validators: 1000 }, none),
  ]
}

function summary(result: DrawResult) {
  const { blocks, views, uploadMbps, violations } = result
  const seats = quantiles(result.seatsMs)
  const others = quantiles(result.followersMs)
  return { seats, others, blocks, views, uploadMbps, violations }
}

type Row = Pick<Plan, 'name' | 'budget'> & ReturnType<typeof summary>

function tableOf(
  signatures: readonly SignatureCosts[],
  durableMs: number,
  rows: readonly Row[],
): readonly string[] {
  const ms = (value: number, digits = 0): string => value.toFixed(digits).padStart(7)
  const met = (value: number, budget: number | undefined): string =>
    budget === undefined ? '' : ` (${value <= budget ? 'within' : 'OVER'} ${String(budget)})`
  return [
    'signatures, ms          sign   again  verify cert.15   made  sum 15 prepared prepare',
    ...signatures.map((one) =>
      [
        one.backend.padEnd(20),
        ...[one.sign, one.signAgain, one.verify, one.verifyCertificate].map((x) => ms(x, 2)),
        ...[one.verifyMade, one.aggregate, one.aggregatePrepared].map((x) => ms(x, 2)),
        ms(one.prepare, 2),
      ].join(' '),
    ),
    `durable record in Chromium: ${durableMs.toFixed(1)} ms`,
    '',
    'proposal to commit certificate, ms    seats p50    p95    others p50    p95   blocks',
    ...rows.map(({ name, budget, seats, others, blocks, violations }) =>
      [
        name.padEnd(34),
        ms(seats.p50),
        ms(seats.p95),
        ms(others.p50),
        ms(others.p95),
        String(blocks).padStart(6),
        met(seats.p95, budget[0]),
        budget[1] === undefined ? '' : `others${met(others.p95, budget[1])}`,
        violations.length === 0 ? '' : `BROKEN: ${String(violations[0])}`,
      ].join(' '),
    ),
  ]
}
