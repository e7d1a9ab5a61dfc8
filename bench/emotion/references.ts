/** The display path against values computed elsewhere (NumPy, SciPy), series by series (HRV-2). */

import { displayHrv } from '../../src/adapters/sensors/hrv/displayHrv.ts'
import { artefactMarks } from '../../src/core/emotion/artefacts.ts'
import { msToTicks } from '../../src/adapters/sensors/ticks.ts'
import { numbersOf, rowsOf, textOf } from './recordings.ts'

export interface ReferenceRow {
  readonly name: string
  /** Ours less theirs: bpm, ms, ms, percentage points; LF/HF as ratio. */
  readonly hr: number
  readonly rmssd: number
  readonly sdnn: number
  readonly pnn50: number
  readonly lfHfRatio: number | undefined
}

const rest = (): readonly number[] => numbersOf(textOf('hrv-rhenanbartels/rest_rri.txt'))
const polarFile = (name: string): readonly number[] =>
  numbersOf(textOf(`hrv-rhenanbartels/${name}`).split('[HRData]')[1] ?? '')
const mitdb = (): readonly number[] =>
  rowsOf('mitdb100/100_beats.csv').flatMap(([, rr]) => (rr ? [Number(rr)] : []))

function first(seconds: number): readonly number[] {
  let endMs = 0
  return rest().filter((rr) => (endMs += rr) <= 1000 * seconds)
}

const sources: Readonly<Record<string, () => readonly number[]>> = {
  'hrv-rhenanbartels/rest_rri.txt': rest,
  'hrv-rhenanbartels/rest_rri.txt[first 30s: cumsum<= 30]': () => first(30),
  'hrv-rhenanbartels/rest_rri.txt[first 60s: cumsum<= 60]': () => first(60),
  'hrv-rhenanbartels/rest_rri.txt[first 300s: cumsum<= 300]': () => first(300),
  'hrv-rhenanbartels/real_rri.txt[zeros removed]': () =>
    numbersOf(textOf('hrv-rhenanbartels/real_rri.txt')).filter((rr) => rr > 0),
  'hrv-rhenanbartels/exercise_rri.hrm': () => polarFile('exercise_rri.hrm'),
  'hrv-rhenanbartels/noisy_rri.hrm': () => polarFile('noisy_rri.hrm'),
  'polar-h10-detectPVC/polar_h10_rr.csv': () =>
    rowsOf('polar-h10-detectPVC/polar_h10_rr.csv').flatMap(([, , rr]) => (rr ? [Number(rr)] : [])),
  'mitdb100/100_beats.csv all beats': mitdb,
}

export function compareReferences(): readonly ReferenceRow[] {
  const { series } = JSON.parse(textOf('reference_hrv.json')) as {
    series: Record<string, Record<string, number>>
  }
  return Object.entries(sources).map(([name, load]) => {
    const rr = load()
    const expected = series[name] ?? {}
    const shown = displayHrv(
      rr,
      rr.map(() => false),
    )
    const less = (value: number | undefined, key: string): number =>
      (value ?? NaN) - (expected[key] ?? NaN)
    const { LFHF } = expected
    return {
      name,
      hr: less(shown.hrBpm, 'HR'),
      rmssd: less(shown.rmssdMs, 'RMSSD'),
      sdnn: less(shown.sdnnMs, 'SDNN'),
      pnn50: less(shown.pnn50, 'pNN50'),
      lfHfRatio: LFHF === undefined ? undefined : (shown.lfHf ?? NaN) / LFHF,
    }
  })
}

/** RMSSD of MIT-BIH 100 in milliseconds: all beats, normal ones by label, and after our marks. */
export function ectopics(): Readonly<Record<'all' | 'labelled' | 'marked', number>> {
  const rr = mitdb()
  const symbols = rowsOf('mitdb100/100_beats.csv').map(([, , symbol]) => symbol)
  const isNormal = rr.map((_, at) => symbols[at] === 'N' && symbols[at + 1] === 'N')
  const marks = artefactMarks(rr.map((ms) => Math.round(msToTicks(ms))))
  const rmssd = (left: readonly boolean[]): number => displayHrv(rr, left).rmssdMs ?? NaN
  return {
    all: rmssd(rr.map(() => false)),
    labelled: rmssd(isNormal.map((normal) => !normal)),
    marked: rmssd(marks),
  }
}
