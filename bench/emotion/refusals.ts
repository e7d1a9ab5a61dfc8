/** What the gate must refuse, and what it must not (QUAL-1, HRV-3). */

import { evaluate, type Evaluation } from '../../scripts/emotion/evaluate.ts'
import { readRgb, type Place } from '../../scripts/emotion/readRgb.ts'
import { readRr } from '../../scripts/emotion/readRr.ts'
import { readEcg } from '../../scripts/emotion/readWave.ts'
import { namesIn, pathOf } from './recordings.ts'

export interface GateRow {
  readonly name: string
  readonly shouldPass: boolean
  readonly recordings: number
  readonly accepted: number
  readonly windows: number
  readonly windowsAccepted: number
  /** The least share of marked or doubtful intervals, in basis points, where there are thirty. */
  readonly leastMarkedBp: number | undefined
  readonly reasons: readonly string[]
}

export function gateRows(): readonly GateRow[] {
  const rr = (name: string): Evaluation => evaluate(readRr(pathOf(name), {}))
  const ecg = (name: string, hz: number): Evaluation => evaluate(readEcg(pathOf(name), { hz }))
  const clips = (place: Place): readonly Evaluation[] =>
    namesIn('bias-eval-rppg/rgb').flatMap((name) => clip(name, place))
  return [
    row('bigeminy, RR', false, [rr('polar-h10-detectPVC/polar_h10_rr.csv')]),
    row('bigeminy, ECG', false, [ecg('polar-h10-detectPVC/polar_h10_ecg_130hz.csv', 130)]),
    row('skin clips as faces', false, clips('face')),
    row('skin clips as fingers', false, clips('finger')),
    row('MIT-BIH 100, ECG', true, [ecg('mitdb100/100_ecg_mlii_360hz_5min.csv', 360)]),
    row('MIT-BIH 100, RR', true, [rr('mitdb100/100_beats.csv')]),
    row('rest, RR', true, [rr('hrv-rhenanbartels/rest_rri.txt')]),
  ]
}

/** Clips below ten seconds are refused as files, and left out here. */
function clip(name: string, place: Place): readonly Evaluation[] {
  try {
    return [evaluate(readRgb(pathOf(`bias-eval-rppg/rgb/${name}`), { fps: 15, place }))]
  } catch {
    return []
  }
}

function row(name: string, shouldPass: boolean, found: readonly Evaluation[]): GateRow {
  const windows = found.flatMap((evaluation) => evaluation.windows)
  const shares = found.flatMap(({ overall }) =>
    overall.all.beatCount < 30 ? [] : [overall.markedShareBp],
  )
  const isAccepted = ({ accepted }: { readonly accepted: boolean }): boolean => accepted
  return {
    name,
    shouldPass,
    recordings: found.length,
    accepted: found.filter(({ overall }) => overall.accepted).length,
    windows: windows.length,
    windowsAccepted: windows.filter(isAccepted).length,
    leastMarkedBp: shares.length > 0 ? Math.min(...shares) : undefined,
    reasons: [...new Set(found.flatMap(({ overall }) => overall.reasons))],
  }
}
