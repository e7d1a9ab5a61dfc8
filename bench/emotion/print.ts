/** What `bench/emotion.ts` found, as lines for people. */

import { percent, rateText } from '../liveness/rateText.ts'
import type { BreathingFigures, OtherCodeword } from './breathing.ts'
import type { FaceWave } from './faceWaves.ts'
import type { CurvePoint, FingerRow, FingerSummary } from './finger.ts'
import type { OutlookFigures } from './outlook.ts'
import { peerMethods, type PeerMethod } from './peer.ts'
import type { ReferenceRow } from './references.ts'
import type { GateRow } from './refusals.ts'
import type { StressSummary } from './stress.ts'
import type { Variant } from './variants.ts'

export function referenceLines(rows: readonly ReferenceRow[]): readonly string[] {
  return [
    'Ours less the reference (LF/HF: ratio)',
    cells('', ['HR', 'RMSSD', 'SDNN', 'pNN50', 'LF/HF'], 58),
    ...rows.map(({ name, hr, rmssd, sdnn, pnn50, lfHfRatio }) =>
      cells(name, [...[hr, rmssd, sdnn, pnn50].map(four), four(lfHfRatio)], 58),
    ),
    '',
  ]
}

export function gateLines(rows: readonly GateRow[]): readonly string[] {
  const heads = ['recordings', 'accepted', 'windows', 'accepted', 'marked from %']
  return [
    cells('The gate', heads, 24),
    ...rows.map((row) => {
      const counts = [row.recordings, row.accepted, row.windows, row.windowsAccepted]
      const { leastMarkedBp } = row
      const marked = leastMarkedBp === undefined ? '–' : (leastMarkedBp / 100).toFixed(0)
      const kind = row.shouldPass ? '  (a normal heart)' : `  ${row.reasons.join(' ')}`
      return cells(row.name, [...counts.map(String), marked], 24) + kind
    }),
    '',
  ]
}

interface Finger {
  readonly rows: readonly FingerRow[]
  readonly summary: FingerSummary
  readonly curve: readonly CurvePoint[]
  readonly peer: readonly {
    readonly method: PeerMethod
    readonly answered: number
    readonly hrMae: number
    readonly rmssdMae: number
  }[]
}

export function fingerLines({ rows, summary, curve, peer }: Finger): readonly string[] {
  return [
    'Finger on the camera less the strap',
    cells('', ['doubt %', 'HR bpm', 'RMSSD ms', 'strap RMSSD', 'in 2 sigma %'], 12),
    ...rows.map(fingerLine),
    `accepted ${summary.accepted} of ${summary.rows}; HR median error ` +
      `${summary.hrMedianError.toFixed(2)}, MAE ${summary.hrMae.toFixed(2)} bpm; RMSSD MAE ` +
      `${summary.rmssdMae.toFixed(1)} ms, the best constant ${summary.constantMae.toFixed(1)} ms`,
    '',
    'The same through vitallens 0.4.5, its last minute less that of the strap: HR bpm, RMSSD ms',
    cells(
      '',
      peerMethods.flatMap((method) => [`${method} HR`, 'RMSSD']),
      12,
    ),
    ...rows.map(peerLine),
    ...peer.map(
      ({ method, answered, hrMae, rmssdMae }) =>
        `${method}: ${answered} of ${rows.length} answered, none refused: ` +
        `HR MAE ${hrMae.toFixed(2)} bpm, RMSSD MAE ${rmssdMae.toFixed(1)} ms`,
    ),
    '',
    'Coverage against error, the least doubtful first (# is 1 ms of RMSSD error)',
    ...curve.map(curveLine),
    '',
  ]
}

export function variantLines(variants: readonly Variant[]): readonly string[] {
  return [
    'The same recordings as other phones would have made them',
    cells('', ['accepted', 'HR median', 'HR MAE', 'RMSSD MAE', 'constant'], 26),
    ...variants.map(({ name, rows, accepted, hrMedianError, hrMae, rmssdMae, constantMae }) => {
      const hr = [hrMedianError, hrMae].map((error) => error.toFixed(2))
      const rmssd = [rmssdMae, constantMae].map((error) => error.toFixed(1))
      return cells(name, [`${accepted} of ${rows}`, ...hr, ...rmssd], 26)
    }),
    '',
  ]
}

export function faceLines(faces: readonly FaceWave[]): readonly string[] {
  return [
    'Waves of real faces (vitallens 3, paced at 4 breaths a minute, and 5, after exercise), theirs',
    'by NeuroKit2 in brackets',
    ...faces.map(({ name, accepted, markedShareBp, rmssdMs, sdnnMs, breaths }) => {
      const beside = ([ours, theirs]: readonly [number, number]): string =>
        `${ours.toFixed(1)} (${theirs.toFixed(1)}) ms`
      const [told, expected] = breaths
      const rates = told.length > 0 ? told.map((rate) => rate.toFixed(1)).join(', ') : 'none told'
      return (
        `${name}: ${accepted ? 'accepted' : 'refused'}, ${(markedShareBp / 100).toFixed(1)} % ` +
        `doubtful, RMSSD ${beside(rmssdMs)}, SDNN ${beside(sdnnMs)}, breaths a minute ${rates} ` +
        `(${expected.toFixed(1)})`
      )
    }),
    '',
  ]
}

export function stressLines(stress: StressSummary): readonly string[] {
  const [low, high] = stress.aucInterval
  const [pooledLow, pooledHigh] = stress.pooledInterval
  const range = (from: number, to: number): string => `95 % ${from.toFixed(2)}..${to.toFixed(2)}`
  const own = `${stress.meanAuc.toFixed(2)} (${range(low, high)})`
  const pooled = `${stress.pooledAuc.toFixed(2)} (${range(pooledLow, pooledHigh)})`
  return [
    `Stress against own rest, wrist, ${stress.people.length} people: AUC of the index per person ` +
      `${own}, pooled ${pooled}; heart rate rose in ${stress.risen}; intervals cover ` +
      `${(100 * stress.medianCoverage).toFixed(0)} % of a minute`,
    cells('', ['rest', 'stress', 'HR rise', 'AUC'], 8),
    ...stress.people.map(({ name, restWindows, stressWindows, hrRise, auc }) =>
      cells(name, [`${restWindows}`, `${stressWindows}`, hrRise.toFixed(1), auc.toFixed(2)], 8),
    ),
  ]
}

function fingerLine(row: FingerRow): string {
  const figures = [
    (row.markedShareBp / 100).toFixed(1),
    row.hrError.toFixed(2),
    row.rmssdError.toFixed(1),
    row.strapRmssdMs.toFixed(1),
    (100 * row.withinTwoSigma).toFixed(0),
  ]
  return cells(row.name, figures, 12) + (row.accepted ? '' : '  refused')
}

function peerLine({ name, peer }: FingerRow): string {
  const figures = peerMethods.flatMap((method) => {
    const { hr, rmssd } = peer[method]
    return [
      Number.isFinite(hr) ? hr.toFixed(2) : '–',
      Number.isFinite(rmssd) ? rmssd.toFixed(1) : '–',
    ]
  })
  return cells(name, figures, 12)
}

function curveLine({ coverage, hrMae, rmssdMae }: CurvePoint): string {
  const bar = '#'.repeat(Math.max(1, Math.round(rmssdMae)))
  const figures = `HR ${hrMae.toFixed(2)} bpm, RMSSD ${rmssdMae.toFixed(1)} ms`
  return `${(100 * coverage).toFixed(0).padStart(4)} %  ${figures}  ${bar}`
}

function cells(name: string, values: readonly string[], width: number): string {
  return name.padEnd(width) + values.map((value) => value.padStart(13)).join('')
}

function four(value: number | undefined): string {
  return value === undefined ? '–' : value.toFixed(4)
}

export function outlookLines(figures: OutlookFigures): readonly string[] {
  const { recordings, windows, held, medianWidthBp, middleMae, newestMae, lineMae } = figures
  return [
    `Outlook (FIT-5), ${windows} windows of ${recordings} recordings: ` +
      `${(100 * held).toFixed(0)} % lie in the range foretold (median width ` +
      `${medianWidthBp.toFixed(0)} of 10000)`,
    `  mean distance: middle of the range ${middleMae.toFixed(0)}, newest score ` +
      `${newestMae.toFixed(0)}, line through the last eight ${lineMae.toFixed(0)}`,
  ]
}

export function breathingLines({ books, paced }: BreathingFigures): readonly string[] {
  return [
    ...books.flatMap(({ seconds, codewords, acceptance, otherCodeword, unpaced }) => [
      `Breathing challenge of ${seconds} s, ${codewords} codewords (simulated people, ± ms):`,
      cells('  answered within', ['one window', 'two', 'three'], 20),
      ...acceptance.map(({ amplitudeMs, answered }) =>
        cells(`  ${String(amplitudeMs).padStart(4)}`, answered.map(percent), 20),
      ),
      `  windows that answer another codeword, accepted: ${pairsText(otherCodeword)}`,
      `  windows of unpaced recordings, accepted: ${percent(unpaced.perWindow).trim()} of ` +
        `${unpaced.windows} windows; three windows: ${rateText(unpaced.challenges)}`,
    ]),
    'One paced recording (vitallens 3, a face, 4 breaths a minute, no codeword of ours): R² ' +
      `${paced.atFourBp / 10_000} at its own pace, at most ${paced.codewordBpMax / 10_000} at a ` +
      'codeword',
  ]
}

function pairsText({ accepted, pairs, windows }: OtherCodeword): string {
  const share = percent(accepted / pairs).trim()
  return `${accepted} of ${pairs} pairs of ${windows} windows, ${share}`
}
