/**
 * What an adversary gains by withholding (BEACON-1, BEACON-7): its seats in committees of 21 of 63
 * validators, 13 of them its own, over as many epochs as `--runs` times 100. Everything follows
 * from a seed.
 */

import { measureBias, type Scheme } from '../src/core/committee/beacon/bias.fixture.ts'
import type { Bench } from './bench.ts'

const schemes: readonly Scheme[] = [
  'nobody withholds',
  'first version',
  'sharing, timely',
  'sharing, delayed',
]
/** Up to F of 21 seats withhold. */
const input = { validators: 63, adversaries: 13, seats: 21, withheldMax: 6 }

export const benchBeaconBias: Bench = async ({ runs }) => {
  const epochs = 100 * runs
  const rows = schemes.map((scheme) => ({ scheme, ...measureBias(scheme, { ...input, epochs }) }))
  const fairSeats = (input.seats * input.adversaries) / input.validators
  return Promise.resolve({
    data: { bench: 'beacon-bias', input, epochs, fairSeats, rows },
    table: [
      `${String(epochs)} epochs; a fair draw gives ${fairSeats.toFixed(2)} seats`,
      '62 degrees of freedom: a fair draw is above 102 once in a thousand',
      `${'scheme'.padEnd(20)}${cells(['choices', 'seats', 'chi-squared'])}`,
      ...rows.map(({ scheme, meanChoices, meanSeats, chiSquared }) => {
        const figures = [meanChoices.toFixed(1), meanSeats.toFixed(2), chiSquared.toFixed(0)]
        return scheme.padEnd(20) + cells(figures)
      }),
    ],
  })
}

function cells(values: readonly string[]): string {
  return values.map((value) => value.padStart(13)).join('')
}
