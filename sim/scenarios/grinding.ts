/**
 * Grinding the beacon (BEACON-6, BEACON-7): a fifth of the power chooses, epoch after epoch, among
 * the beacons that the rules let it reach, the one that seats most of its own. Rounds and draws are
 * those of the network; secrets are hashes, because what counts is the choice.
 */
import { measureBias } from '../../src/core/committee/beacon/bias.fixture.ts'
import { hex, utf8 } from '../../src/core/base/bytes.ts'
import { hash } from '../../src/core/crypto/hash.ts'
import type { Scenario } from './scenario.ts'

const power = { validators: 63, adversaries: 13, seats: 21 }
/** 1000 would show less than a tenth of a seat; the other scenarios take as long as this. */
const played = { epochs: 60, withheldMax: 3 }
/** χ² with 62 degrees of freedom: a fair draw is above it once in a million. */
const chiSquaredMax = 130

export const grinding: Scenario = {
  name: 'beacon-grinding',
  about: 'a fifth of the power picks among the beacons it can reach: what that gains in seats',
  run: (setting) => {
    const input = { ...power, ...played, seed: setting.seed }
    const fair = (power.seats * power.adversaries) / power.validators
    const honest = measureBias('nobody withholds', input)
    const timely = measureBias('sharing, timely', input)
    const delayed = measureBias('sharing, delayed', input)
    // Drawn without putting back: the standard error of a mean over the epochs.
    const others = (power.validators - power.seats) / (power.validators - 1)
    const variance = fair * (1 - power.adversaries / power.validators) * others
    const error = Math.sqrt(variance / played.epochs)
    const rules: readonly (readonly [holds: boolean, failure: string])[] = [
      [timely.meanChoices === 1, `${String(timely.meanChoices)} beacons with timely messages`],
      [timely.meanSeats === honest.meanSeats, 'withholding changes the seats'],
      [Math.abs(timely.meanSeats - fair) < 5 * error, `seats ${String(timely.meanSeats)}`],
      [timely.chiSquared < chiSquaredMax, `chi-squared ${String(timely.chiSquared)}`],
      [delayed.meanChoices <= 2, `${String(delayed.meanChoices)} beacons with delays`],
    ]
    const facts = {
      fairSeats: fair.toFixed(2),
      seatsTimely: timely.meanSeats.toFixed(2),
      choicesDelayed: delayed.meanChoices.toFixed(2),
      seatsDelayed: delayed.meanSeats.toFixed(2),
      standardError: error.toFixed(2),
    }
    return {
      failures: rules.flatMap(([holds, failure]) => (holds ? [] : [failure])),
      facts,
      views: 0,
      audit: hex(hash('audit', utf8(JSON.stringify(facts)))),
    }
  },
}
