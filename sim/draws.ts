/**
 * Finality of a large network: committees drawn by the production sortition from all validators,
 * each run on its own, and every certificate's way to all the others.
 */
import { drawSeats } from '../src/core/committee/draw.ts'
import { kappaQ32, nextTheta, ticketCounts } from '../src/core/committee/ticket.ts'
import { weightQ32 } from '../src/core/committee/weight.ts'
import { concat, u32be } from '../src/core/base/bytes.ts'
import { hash } from '../src/core/crypto/hash.ts'
import type { AgreementTimes } from '../src/core/bft/types.ts'
import { seededRandom } from './base/random.ts'
import { Followers, type Dissemination } from './followers.ts'
import type { BlockTimes, ViewTimes } from './metrics.ts'
import { homeIn, type Place } from './network/links.ts'
import type { Region } from './network/regions.ts'
import type { Costs } from './node/costs.ts'
import type { LoadOptions } from './node/load.ts'
import { lie } from './scenarios/randomFaults.ts'
import { Simulation } from './simulation.ts'

export interface DrawOptions {
  readonly seed: number
  readonly validators: number
  readonly seats: number
  readonly regions: readonly Region[]
  readonly uploadMbps: number
  /** Committees drawn, and how long each serves. */
  readonly draws: number
  readonly seconds: number
  readonly offline: number
  /** Seats that sign all they see or propose late (randomFaults.ts). */
  readonly byzantine?: number
  readonly lossShare: number
  readonly times: AgreementTimes
  readonly costs: Costs
  readonly dissemination: Dissemination
  /** What a relay needs to check a certificate, µs. */
  readonly relayCheckUs: number
  /** Blocks of the first seconds are left out: who is away is not known yet (BFT-1). */
  readonly warmUpSeconds: number
  /** Payments; none when left out. */
  readonly load?: LoadOptions
}

export interface DrawResult {
  readonly seatsMs: readonly number[]
  readonly followersMs: readonly number[]
  readonly candidates: readonly number[]
  readonly views: number
  readonly blocks: number
  /** Upload of the busiest seat over its service, Mb/s. */
  readonly uploadMbps: number
  /** Sent by all seats, and spent by their processors, over all draws. */
  readonly sentBytes: number
  readonly processorUs: number
  readonly violations: readonly string[]
  readonly audits: readonly string[]
  readonly timeline: readonly ViewTimes[]
  /** Final payments a second after the warm-up, of each draw. */
  readonly paymentsPerSecond: readonly number[]
  /** From a batch being sent to its payments being final. */
  readonly paymentsMs: readonly number[]
}

export function runDraws(options: DrawOptions): DrawResult {
  const places = population(options)
  const parts = Array.from({ length: options.draws }, (_none, draw) =>
    oneDraw(options, places, draw),
  )
  return {
    seatsMs: parts.flatMap((part) => part.seatsMs),
    followersMs: parts.flatMap((part) => part.followersMs),
    candidates: parts.flatMap((part) => part.candidates),
    views: parts.reduce((sum, part) => sum + part.views, 0),
    blocks: parts.reduce((sum, part) => sum + part.blocks, 0),
    uploadMbps: Math.max(...parts.map((part) => part.uploadMbps)),
    sentBytes: parts.reduce((sum, part) => sum + part.sentBytes, 0),
    processorUs: parts.reduce((sum, part) => sum + part.processorUs, 0),
    violations: parts.flatMap((part) => part.violations),
    audits: parts.flatMap((part) => part.audits),
    timeline: parts[0]?.timeline ?? [],
    paymentsPerSecond: parts.flatMap((part) => part.paymentsPerSecond),
    paymentsMs: parts.flatMap((part) => part.paymentsMs),
  }
}

function population({ seed, validators, regions, uploadMbps }: DrawOptions): readonly Place[] {
  const random = seededRandom(seed).fork(11)
  return Array.from({ length: validators }, (_none, index) =>
    homeIn(regions[index % regions.length] ?? 'eu-central-1', random, uploadMbps),
  )
}

/** Equal stakes and scores: every validator's weight is the same (COM-1 to COM-3). */
function drawCommittee(
  { seed, validators, seats }: DrawOptions,
  draw: number,
): { readonly chosen: readonly number[]; readonly candidates: number } {
  const stakeMicro = 10_000_000_000n
  const inputs = { stakeMicro, reputation: 5000, uptime: 10_000, servedMark: 0, reputationMark: 0 }
  const weight = weightQ32(inputs, 100, 100_000_000_000n)
  const weightSum = (): bigint => weight * BigInt(validators)
  const theta = nextTheta({ previous: undefined, active: validators, candidates: 64, weightSum })
  const beacon = hash('beacon', u32be(seed), u32be(draw))
  const candidates = Array.from({ length: validators }, (_none, index) => {
    const digest = hash('ticket', beacon, u32be(index))
    const ticket = concat(digest, digest, digest)
    return { validator: u32be(index), index, kappaQ32: kappaQ32(ticket, weight), score: 8000 }
  }).filter(({ kappaQ32: kappa }) => ticketCounts(kappa, theta))
  const drawn = drawSeats(candidates, { beacon, count: seats, scoreCap: 8500 })
  return { chosen: drawn.map(({ index }) => index), candidates: candidates.length }
}

function oneDraw(options: DrawOptions, all: readonly Place[], draw: number): DrawResult {
  const { chosen, candidates } = drawCommittee(options, draw)
  const places = chosen.map((index) => all[index]).filter((place) => place !== undefined)
  const { lossShare, times, costs, offline } = options
  const seats = places.length
  const seed = options.seed * 1000 + draw
  const liars = seededRandom(seed)
    .fork(95)
    .sample(options.byzantine ?? 0, seats)
  const sim = new Simulation({
    seed,
    seats,
    byzantine: liars,
    times,
    costs,
    links: { lossShare, lossIsFinal: false, uploadQueueMs: 5000 },
    places: () => places,
    load: options.load,
  })
  if (liars.length > 0) sim.filter = lie(sim, { liars, kinds: ['signEverything', 'late'] })
  for (const index of sim.random.sample(offline, seats)) sim.crash(index)
  sim.run(options.seconds * 1000)
  sim.oracle.finish()
  const sinceUs = (sim.queue.nowUs / 1e6 - options.seconds + options.warmUpSeconds) * 1e6
  const counted = [...sim.metrics.blocks.values()].filter(
    ({ begunUs, finalUs }) => begunUs >= sinceUs && finalUs.size > 0,
  )
  const seatsMs = counted.flatMap(({ begunUs, finalUs }) =>
    [...finalUs.values()].map((us) => (us - begunUs) / 1000),
  )
  return {
    seatsMs,
    followersMs: followersOf(options, places, counted, draw),
    candidates: [candidates],
    views: Math.max(...sim.instances.map(({ state }) => state.view)),
    blocks: counted.length,
    uploadMbps: (Math.max(...sim.links.sentBytes) * 8) / options.seconds / 1e6,
    sentBytes: sim.links.sentBytes.reduce((sum, bytes) => sum + bytes, 0),
    processorUs: sim.instances.reduce((sum, { workedUs }) => sum + workedUs, 0),
    violations: sim.oracle.violations,
    audits: [sim.audit.digest()],
    timeline: [...sim.metrics.views.values()],
    ...paymentsOf(sim, options, sinceUs),
  }
}

function paymentsOf(
  { load }: Simulation,
  { seconds, warmUpSeconds }: DrawOptions,
  sinceUs: number,
): Pick<DrawResult, 'paymentsPerSecond' | 'paymentsMs'> {
  if (load === undefined) return { paymentsPerSecond: [], paymentsMs: [] }
  const late = load.finished.filter(({ finalUs }) => finalUs >= sinceUs)
  const count = late.reduce((sum, batch) => sum + batch.count, 0)
  return {
    paymentsPerSecond: [count / (seconds - warmUpSeconds)],
    paymentsMs: late.map(({ latencyMs }) => latencyMs),
  }
}

/** A follower hears of a block and of its certificate at once: nothing is known before. */
function checkUs(costs: Costs, seats: number): number {
  const { hash: hashUs, aggregateDecode, aggregateVerify, aggregateVerifyKey } = costs
  return hashUs + aggregateDecode + aggregateVerify + aggregateVerifyKey * seats
}

function followersOf(
  options: DrawOptions,
  seats: readonly Place[],
  blocks: readonly BlockTimes[],
  draw: number,
): readonly number[] {
  const count = options.validators - seats.length
  if (count <= 0) return []
  const { regions, dissemination, uploadMbps, costs, relayCheckUs, seed } = options
  const followers = new Followers({
    count,
    regions,
    seats,
    dissemination,
    uploadMbps,
    checkMs: checkUs(costs, seats.length) / 1000,
    relayCheckMs: relayCheckUs / 1000,
    random: seededRandom(seed).fork(5000 + draw),
  })
  return blocks.flatMap(({ begunUs, finalUs, commitUs }) => {
    const sinceMs = (times: ReadonlyMap<number, number>): ReadonlyMap<number, number> =>
      new Map([...times].map(([seat, us]) => [seat, (us - begunUs) / 1000]))
    return [...followers.reach({ finalMs: sinceMs(finalUs), commitMs: sinceMs(commitUs) })]
  })
}
