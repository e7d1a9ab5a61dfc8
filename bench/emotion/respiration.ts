/** Breathing from the intervals of an ECG against a belt worn at the same time (HRV-4). */

import { evaluate } from '../../scripts/emotion/evaluate.ts'
import { readEcg, readPpg } from '../../scripts/emotion/readWave.ts'
import { bandPower, welchDensity } from '../../src/adapters/sensors/hrv/welch.ts'
import { meanOf, pathOf, rowsOf } from './recordings.ts'

export interface RespirationRow {
  readonly name: string
  readonly windows: number
  readonly answered: number
  /** Against the belt in the same window, breaths a minute. */
  readonly mae: number
}

const file = 'neurokit/bio_resting_5min_100hz.csv'
const hz = 100

export function respirationRows(): readonly RespirationRow[] {
  const belt = Float64Array.from(rowsOf(file).map(([, , value]) => Number(value)))
  const sources = [
    ['neurokit, ECG', readEcg(pathOf(file), { hz })],
    ['neurokit, PPG', readPpg(pathOf(file), { hz })],
  ] as const
  return sources.map(([name, recording]) => {
    const { windows } = evaluate(recording)
    const errors = windows.flatMap(({ startMs, endMs, respiration }) => {
      if (respiration === undefined) return []
      const part = belt.slice((startMs * hz) / 1000, (endMs * hz) / 1000)
      return [Math.abs(respiration.breathsPerMinute - beltRate(part))]
    })
    return { name, windows: windows.length, answered: errors.length, mae: meanOf(errors) }
  })
}

/** The highest peak of the belt between 6 and 30 breaths a minute. */
function beltRate(belt: Float64Array): number {
  const density = welchDensity(belt, hz, 60, 0.5)
  let best = 0.1
  let most = 0
  for (let centre = 0.1; centre <= 0.5; centre += 0.005) {
    const power = bandPower(density, centre - 0.01, centre + 0.01)
    if (power > most) [most, best] = [power, centre]
  }
  return 60 * best
}
