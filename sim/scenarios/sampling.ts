/**
 * Attacks on the draw itself (COM-1 to COM-5), by Monte Carlo over the production sortition and,
 * where there is one, against the closed form. Their unit is a draw, not a view.
 */
import { nextCommittee, type DrawnCandidate } from '../../src/core/committee/handOver.ts'
import { hex, u32be, utf8 } from '../../src/core/base/bytes.ts'
import { hash } from '../../src/core/crypto/hash.ts'
import { grinding } from './grinding.ts'
import type { Outcome, Scenario } from './scenario.ts'
import { emo, productionRules, splittingScenario } from './splitting.ts'
import { seatsDrawn, ticketDraw } from './ticketDraw.ts'

function outcomeOf(
  failures: readonly string[],
  facts: Readonly<Record<string, number | string>>,
): Outcome {
  return { failures, facts, views: 0, audit: hex(hash('audit', utf8(JSON.stringify(facts)))) }
}

/** P(at least `least` of n drawn from N without replacement are among the K bad ones). */
export function captureProbability(options: {
  readonly all: number
  readonly bad: number
  readonly drawn: number
  readonly least: number
}): number {
  const { all, bad, drawn, least } = options
  const ways = (n: number, k: number): number => {
    let result = 1
    for (let i = 1; i <= k; i += 1) result = (result * (n - k + i)) / i
    return result
  }
  let sum = 0
  for (let k = least; k <= Math.min(bad, drawn); k += 1) {
    sum += ways(bad, k) * ways(all - bad, drawn - k)
  }
  return sum / ways(all, drawn)
}

const capture: Scenario = {
  name: 'capture-by-sampling',
  about:
    'how often a fifth of equal validators gets more than F of 21 seats: as the closed form says',
  run: (setting) => {
    const [all, bad, rounds, least] = [100, 20, 400, 7]
    const weight = productionRules.weight(10_000n * emo)
    const weights = Array.from({ length: all }, () => weight)
    let captured = 0
    for (let round = 0; round < rounds; round += 1) {
      const seats = ticketDraw(weights, { seed: setting.seed, round }).filter(
        (index) => index < bad,
      ).length
      if (seats >= least) captured += 1
    }
    const share = captured / rounds
    const closed = captureProbability({ all, bad, drawn: seatsDrawn, least })
    const deviation = Math.sqrt((closed * (1 - closed)) / rounds)
    const isFair = Math.abs(share - closed) < 4 * deviation
    const failures = isFair ? [] : [`share ${String(share)}, closed form ${String(closed)}`]
    return outcomeOf(failures, { share: share.toFixed(4), closedForm: closed.toFixed(4) })
  },
}

const readyBlocking: Scenario = {
  name: 'ready-blocking',
  about: 'whoever blocks READY and CONFIRM never shrinks a committee below the bound (COM-5)',
  run: (setting) => {
    const failures: string[] = []
    const empty = new Uint8Array(0)
    const seat = (index: number): Omit<DrawnCandidate, 'confirmed'> => {
      return {
        validator: u32be(index),
        epochKey: empty,
        sharingKey: empty,
        peerId: '',
        score: 8000,
        power: 1,
        overLimit: false,
      }
    }
    for (let active = 4; active <= 200; active += 7) {
      const seatsNow = Math.min(seatsDrawn, active)
      const current = {
        epoch: 5,
        seats: Array.from({ length: seatsNow }, (_none, index) => seat(index)),
        leaders: Array.from({ length: seatsNow }, (_none, index) => index),
        attempt: 0,
      }
      for (let confirmed = 0; confirmed <= seatsDrawn; confirmed += 1) {
        const drawn: DrawnCandidate[] = Array.from({ length: 30 }, (_none, index) => ({
          ...seat(1000 + index),
          confirmed: index < confirmed,
        }))
        const beacon = hash('beacon', u32be(setting.seed))
        const rules = { committeeSeats: seatsDrawn, scoreCap: 8500 }
        const next = nextCommittee({ current, draw: drawn, active, beacon, ...rules })
        const bound =
          active >= 63 ? Math.min(seatsDrawn, seatsNow) : Math.max(4, Math.ceil((2 * seatsNow) / 3))
        if (next.seats.length < bound) {
          failures.push(`${String(active)} active, ${String(confirmed)} confirmed: too few seats`)
        }
      }
    }
    return outcomeOf(failures, { tried: 29 * 22 })
  },
}

export const samplingScenarios: readonly Scenario[] = [
  capture,
  splittingScenario,
  readyBlocking,
  grinding,
]
