/** A finger on the camera against a chest strap worn at the same time, recording by recording. */

import { evaluate } from '../../scripts/emotion/evaluate.ts'
import { readRgb } from '../../scripts/emotion/readRgb.ts'
import type { Recording } from '../../scripts/emotion/recording.ts'
import { displayHrv } from '../../src/adapters/sensors/hrv/displayHrv.ts'
import { peerErrors, type PeerMethod } from './peer.ts'
import { meanOf, namesIn, numbersOf, pathOf, textOf } from './recordings.ts'

export interface FingerRow {
  readonly name: string
  readonly accepted: boolean
  /** Marked or doubtful, in basis points: what the gate decides by. */
  readonly markedShareBp: number
  readonly strapHrBpm: number
  readonly strapRmssdMs: number
  /** Ours less the strap's. */
  readonly hrError: number
  readonly rmssdError: number
  /** Share of trusted intervals within two stated deviations of the strap's. */
  readonly withinTwoSigma: number
  /** Errors of `vitallens` on the same colours. */
  readonly peer: Readonly<Record<PeerMethod, { readonly hr: number; readonly rmssd: number }>>
}

export interface FingerSummary {
  readonly rows: number
  readonly accepted: number
  readonly hrMedianError: number
  readonly hrMae: number
  readonly rmssdMae: number
  /** Mean error of the best constant for the accepted recordings (their median). */
  readonly constantMae: number
}

export interface CurvePoint {
  readonly coverage: number
  readonly hrMae: number
  readonly rmssdMae: number
}

export async function fingerRows(): Promise<readonly FingerRow[]> {
  const rows: FingerRow[] = []
  for (const name of namesIn('welltory-ppg/data')) {
    const folder = `welltory-ppg/data/${name}`
    const strap = numbersOf(textOf(`${folder}/RR.txt`))
    const reference = displayHrv(
      strap,
      strap.map(() => false),
    )
    const [strapHrBpm = NaN, strapRmssdMs = NaN] = [reference.hrBpm, reference.rmssdMs]
    const recording = readRgb(pathOf(`${folder}/PPG.csv`), {})
    const { overall } = evaluate(recording)
    const { hrBpm = NaN, rmssdMs = NaN } = overall.normal
    rows.push({
      name,
      accepted: overall.accepted,
      markedShareBp: overall.markedShareBp,
      strapHrBpm,
      strapRmssdMs,
      hrError: hrBpm - strapHrBpm,
      rmssdError: rmssdMs - strapRmssdMs,
      withinTwoSigma: withinTwoSigma(recording, strap),
      peer: await peerErrors(`${folder}/PPG.csv`, strap),
    })
  }
  return rows
}

export function summaryOf(rows: readonly FingerRow[]): FingerSummary {
  const accepted = rows.filter((row) => row.accepted)
  const hr = accepted.map(({ hrError }) => Math.abs(hrError))
  const straps = accepted.map(({ strapRmssdMs }) => strapRmssdMs)
  const middle = middleOf(straps)
  return {
    rows: rows.length,
    accepted: accepted.length,
    hrMedianError: middleOf(hr),
    hrMae: meanOf(hr),
    rmssdMae: meanOf(accepted.map(({ rmssdError }) => Math.abs(rmssdError))),
    constantMae: meanOf(straps.map((rmssd) => Math.abs(rmssd - middle))),
  }
}

/** Errors over the best recordings by the gate's own measure, one more at each point. */
export function curveOf(rows: readonly FingerRow[]): readonly CurvePoint[] {
  const sorted = [...rows].sort((one, other) => one.markedShareBp - other.markedShareBp)
  return sorted.map((_, index) => {
    const kept = sorted.slice(0, index + 1)
    return {
      coverage: kept.length / rows.length,
      hrMae: meanOf(kept.map(({ hrError }) => Math.abs(hrError))),
      rmssdMae: meanOf(kept.map(({ rmssdError }) => Math.abs(rmssdError))),
    }
  })
}

/**
 * The two are not aligned: of all lags within six seconds, the one at which most beats meet. The
 * strap states intervals, so those of the same two beats are compared.
 */
function withinTwoSigma({ intervals }: Recording, strap: readonly number[]): number {
  const ends: number[] = []
  for (const rr of strap) ends.push((ends.at(-1) ?? 0) + rr)
  const nearest = (timeMs: number): number => {
    let best = 0
    for (const [index, end] of ends.entries()) {
      if (Math.abs(end - timeMs) < Math.abs((ends[best] ?? 0) - timeMs)) best = index
    }
    return best
  }
  let lagMs = 0
  let hits = -1
  for (let lag = -6000; lag <= 6000; lag += 20) {
    const met = intervals.filter(({ timeMs }) => {
      const end = ends[nearest(timeMs - lag)] ?? 0
      return Math.abs(end - (timeMs - lag)) < 60
    }).length
    if (met > hits) [hits, lagMs] = [met, lag]
  }
  const trusted = intervals.filter(({ isDoubtful }) => !isDoubtful)
  const within = trusted.filter(({ timeMs, rrMs, uncertaintyMs = 0 }) => {
    const expected = strap[nearest(timeMs - lagMs)] ?? 0
    return Math.abs(rrMs - expected) <= 2 * uncertaintyMs
  })
  return within.length / Math.max(1, trusted.length)
}

function middleOf(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other)
  const half = sorted.length >> 1
  const upper = sorted[half] ?? NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? NaN) + upper) / 2
}
