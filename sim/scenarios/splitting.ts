/**
 * What splitting stake over many identities gains in seats (COM-1 to COM-3): the production draw,
 * held against the closed form, and the closed form against the bound.
 */
import { ticketCounts } from '../../src/core/committee/ticket.ts'
import { weightQ32 } from '../../src/core/committee/weight.ts'
import { hex, utf8 } from '../../src/core/base/bytes.ts'
import { hash } from '../../src/core/crypto/hash.ts'
import { meanSeats } from './orderedDraw.ts'
import type { Outcome, Scenario, Setting } from './scenario.ts'
import { seatsDrawn, ticketDraw, type IsCalled } from './ticketDraw.ts'

export const emo = 1_000_000n
const capMicro = 100_000n * emo
const rounds = 30
const gainMax = 0.05

/** The two places of the draw that a mutant of the rules changes (section 8 of the protocol). */
export interface DrawRules {
  /** In units of 2^-32. */
  readonly weight: (stakeMicro: bigint) => bigint
  readonly isCalled: IsCalled
}

/**
 * Equal in all but the stake. REP-1 makes it no worse for who serves well: the parts of a split
 * stake are drawn more seldom than the whole, so their reputation is nearer to one half.
 */
const merit = { reputation: 5000, uptime: 10_000, servedMark: 0, reputationMark: 0 }

export const productionRules: DrawRules = {
  weight: (stakeMicro) => weightQ32({ ...merit, stakeMicro }, 100, capMicro),
  isCalled: (kappa) => ticketCounts(kappa, undefined),
}

/** Stakes in EMO: 40 with the cap each, or 400 with a tenth of it, among 1600 such. */
const whole = Array.from({ length: 40 }, () => 100_000)
const split = Array.from({ length: 400 }, () => 10_000)
const others = Array.from({ length: 1600 }, () => 10_000)

export function splittingOutcome(setting: Setting, rules: DrawRules): Outcome {
  const [kept, gained] = [whole, split].map((own) => ({
    drawn: seatsOf(own, setting, rules),
    exact: exactSeats(own, rules),
  }))
  if (kept === undefined || gained === undefined) throw new Error('two ways were drawn')
  const gain = gained.exact / kept.exact - 1
  const failures = [kept, gained].flatMap(({ drawn, exact }) => {
    // A sum of draws without replacement varies less than a Poisson variable of its mean.
    const error = Math.sqrt(exact / rounds)
    const isFair = Math.abs(drawn - exact) < 4 * error
    return isFair ? [] : [`${drawn.toFixed(2)} seats drawn, ${exact.toFixed(2)} expected`]
  })
  if (gain >= gainMax) failures.push(`splitting gains ${(100 * gain).toFixed(1)} %`)
  const facts = {
    seatsWhole: kept.drawn.toFixed(2),
    seatsSplit: gained.drawn.toFixed(2),
    exactWhole: kept.exact.toFixed(3),
    exactSplit: gained.exact.toFixed(3),
    gain: gain.toFixed(4),
    gainOf10000: gainOf(10_000, rules).toFixed(4),
    gainOf1000: gainOf(1000, rules).toFixed(4),
    gainOf200: gainOf(200, rules).toFixed(4),
  }
  return { failures, facts, views: 0, audit: hex(hash('audit', utf8(JSON.stringify(facts)))) }
}

/** A fifth of the stake in a network of more or fewer least bonds: the figures of committee.md. */
function gainOf(bonds: number, rules: DrawRules): number {
  const rest = Array.from({ length: (bonds * 4) / 5 }, () => 10_000)
  const [few = 0, many = 0] = [
    Array.from({ length: bonds / 50 }, () => 100_000),
    Array.from({ length: bonds / 5 }, () => 10_000),
  ].map((own) => exactSeats(own, rules, rest))
  return many / few - 1
}

/** Mean seats of the first identities by the closed form. */
function exactSeats(own: readonly number[], { weight }: DrawRules, rest = others): number {
  const classOf = (stakes: readonly number[]): { count: number; weight: number } => ({
    count: stakes.length,
    weight: Number(weight(BigInt(stakes[0] ?? 0) * emo)) / 2 ** 32,
  })
  return meanSeats(classOf(own), classOf(rest), seatsDrawn)
}

/** The same by the production code, from tickets that the seed alone decides. */
function seatsOf(own: readonly number[], { seed }: Setting, rules: DrawRules): number {
  const weights = [...own, ...others].map((stake) => rules.weight(BigInt(stake) * emo))
  let seats = 0
  for (let round = 0; round < rounds; round += 1) {
    const drawn = ticketDraw(weights, { seed, round }, rules.isCalled)
    seats += drawn.filter((index) => index < own.length).length
  }
  return seats / rounds
}

export const splittingScenario: Scenario = {
  name: 'stake-splitting',
  about: 'a fifth of the stake, as 40 identities or as 400: splitting gains less than 5 % of seats',
  run: (setting) => splittingOutcome(setting, productionRules),
}
