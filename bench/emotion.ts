/**
 * The measuring side against recordings: reference values, what the gate refuses, a finger on the
 * camera against a strap, breathing against a belt, stress against own rest (HRV-2, QUAL-1).
 *
 * The recordings lie beside the project and are not part of it; `--runs` changes nothing here.
 */

import type { Bench } from './bench.ts'
import {
  curveOf,
  fingerRows,
  summaryOf,
  type CurvePoint,
  type FingerRow,
} from './emotion/finger.ts'
import { plainMethods } from './emotion/plainMethods.ts'
import { hasRecordings, meanOf } from './emotion/recordings.ts'
import { compareReferences, ectopics } from './emotion/references.ts'
import { gateRows } from './emotion/refusals.ts'
import { respirationRows } from './emotion/respiration.ts'
import { stressSummary } from './emotion/stress.ts'

export const benchEmotion: Bench = async () => {
  await Promise.resolve()
  if (!hasRecordings) {
    const text = 'No recordings beside the project (../shared/data/heart): nothing measured.'
    return { data: { bench: 'emotion', skipped: text }, table: [text] }
  }
  const references = compareReferences()
  const rmssd = ectopics()
  const gate = gateRows()
  const finger = fingerRows()
  const summary = summaryOf(finger)
  const curve = curveOf(finger)
  const respiration = respirationRows()
  const stress = stressSummary()
  const plain = plainMethods.map((method) => ({
    method,
    hrMae: meanOf(finger.map((row) => Math.abs(row.plain[method].hr))),
    rmssdMae: meanOf(finger.map((row) => Math.abs(row.plain[method].rmssd))),
  }))
  const [low, high] = stress.aucInterval
  const [pooledLow, pooledHigh] = stress.pooledInterval
  return {
    data: {
      bench: 'emotion',
      references,
      ectopics: rmssd,
      gate,
      finger: { rows: finger, summary, curve, plain },
      respiration,
      stress,
    },
    table: [
      'Ours less the reference (LF/HF: ratio)',
      cells('', ['HR', 'RMSSD', 'SDNN', 'pNN50', 'LF/HF'], 58),
      ...references.map(({ name, hr, rmssd: rr, sdnn, pnn50, lfHfRatio }) =>
        cells(name, [...[hr, rr, sdnn, pnn50].map(four), four(lfHfRatio)], 58),
      ),
      '',
      `MIT-BIH 100, RMSSD ms: all beats ${rmssd.all.toFixed(2)}, normal by label ` +
        `${rmssd.labelled.toFixed(2)}, after our marks ${rmssd.marked.toFixed(2)}`,
      '',
      cells('The gate', ['recordings', 'accepted', 'windows', 'accepted', 'marked from %'], 24),
      ...gate.map((row) => {
        const counts = [row.recordings, row.accepted, row.windows, row.windowsAccepted]
        const kind = row.shouldPass ? '  (a normal heart)' : `  ${row.reasons.join(' ')}`
        const { leastMarkedBp } = row
        const marked = leastMarkedBp === undefined ? '–' : (leastMarkedBp / 100).toFixed(0)
        return cells(row.name, [...counts.map(String), marked], 24) + kind
      }),
      '',
      'Finger on the camera less the strap',
      cells('', ['doubt %', 'HR bpm', 'RMSSD ms', 'strap RMSSD', 'in 2 sigma %'], 12),
      ...finger.map(fingerLine),
      `accepted ${summary.accepted} of ${summary.rows}; HR median error ` +
        `${summary.hrMedianError.toFixed(2)}, MAE ${summary.hrMae.toFixed(2)} bpm; RMSSD MAE ` +
        `${summary.rmssdMae.toFixed(1)} ms, the best constant ${summary.constantMae.toFixed(1)} ms`,
      ...plain.map(
        ({ method, hrMae, rmssdMae }) =>
          `plain ${method}, no gate, all ${finger.length}: HR MAE ${hrMae.toFixed(2)} bpm, ` +
          `RMSSD MAE ${rmssdMae.toFixed(1)} ms`,
      ),
      '',
      'Coverage against error, the least doubtful first (# is 1 ms of RMSSD error)',
      ...curve.map(curveLine),
      '',
      ...respiration.map(
        ({ name, windows, answered, mae }) =>
          `Respiration, ${name}: ${answered} of ${windows} windows answered, ` +
          `MAE ${mae.toFixed(2)} a minute`,
      ),
      '',
      `Stress against own rest, wrist, ${stress.people.length} people: AUC of the index per ` +
        `person ${stress.meanAuc.toFixed(2)} (95 % ${low.toFixed(2)}..${high.toFixed(2)}), pooled ` +
        `${stress.pooledAuc.toFixed(2)} (${pooledLow.toFixed(2)}..${pooledHigh.toFixed(2)}); ` +
        `heart rate rose in ${stress.risen}; intervals cover ` +
        `${(100 * stress.medianCoverage).toFixed(0)} % of a minute`,
      cells('', ['rest', 'stress', 'HR rise', 'AUC'], 8),
      ...stress.people.map(({ name, restWindows, stressWindows, hrRise, auc }) =>
        cells(name, [`${restWindows}`, `${stressWindows}`, hrRise.toFixed(1), auc.toFixed(2)], 8),
      ),
    ],
  }
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
