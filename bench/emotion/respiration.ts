/**
 * Breathing from intervals, and from a contact pulse wave itself, against a belt worn at the same
 * time; a finger on a camera against the intervals of a strap (HRV-4).
 */

import { evaluate } from '../../scripts/emotion/evaluate.ts'
import { readRgb } from '../../scripts/emotion/readRgb.ts'
import { readEcg, readPpg } from '../../scripts/emotion/readWave.ts'
import type { Recording } from '../../scripts/emotion/recording.ts'
import { pulseRespirationOf } from '../../src/adapters/sensors/hrv/pulseRespiration.ts'
import { respirationOf } from '../../src/adapters/sensors/hrv/respiration.ts'
import { bandPower, welchDensity } from '../../src/adapters/sensors/hrv/welch.ts'
import { meanOf, namesIn, numbersOf, pathOf, rowsOf, textOf } from './recordings.ts'

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
  const ppg = readPpg(pathOf(file), { hz })
  const { kind, durationMs, intervals, signalReasons, notes } = ppg
  const alone = { kind, durationMs, intervals, signalReasons, notes }
  const sources: readonly (readonly [string, Recording])[] = [
    ['neurokit, ECG', readEcg(pathOf(file), { hz })],
    ['neurokit, PPG, intervals alone', alone],
    ['neurokit, PPG, its wave too', ppg],
  ]
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

export interface FingerBreaths {
  readonly recordings: number
  /** The strap's intervals answer. */
  readonly byStrap: number
  /** Of those, the finger answers too: by its intervals alone, and with its colour. */
  readonly byIntervals: number
  readonly byColour: number
  /** Against the strap, breaths a minute. */
  readonly intervalsMae: number
  readonly colourMae: number
}

/** Whole recordings of 70 to 110 s: strap and finger began within seconds of each other. */
export function fingerBreaths(): FingerBreaths {
  const rows = namesIn('welltory-ppg/data').map((name) => {
    const strap = numbersOf(textOf(`welltory-ppg/data/${name}/RR.txt`))
    const recording = readRgb(pathOf(`welltory-ppg/data/${name}/PPG.csv`), {})
    const spans = recording.intervals.map(({ timeMs, rrMs, isDoubtful, isOutlier }) => ({
      timeMs,
      rrMs,
      isMarked: isDoubtful || isOutlier,
    }))
    const rrMs = spans.map((span) => span.rrMs)
    const marks = spans.map(({ isMarked }) => isMarked)
    return {
      strap: respirationOf(strap, Array<boolean>(strap.length).fill(false))?.breathsPerMinute,
      intervals: respirationOf(rrMs, marks)?.breathsPerMinute,
      colour: recording.wave && pulseRespirationOf(spans, recording.wave)?.breathsPerMinute,
    }
  })
  const told = rows.filter(({ strap }) => strap !== undefined)
  const errors = (by: 'intervals' | 'colour'): readonly number[] =>
    told.flatMap(({ strap = NaN, [by]: answer }) =>
      answer === undefined ? [] : [Math.abs(answer - strap)],
    )
  return {
    recordings: rows.length,
    byStrap: told.length,
    byIntervals: errors('intervals').length,
    byColour: errors('colour').length,
    intervalsMae: meanOf(errors('intervals')),
    colourMae: meanOf(errors('colour')),
  }
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
