/**
 * The local gate before a score: what is wrong with a window, and how good it is (QUAL-1, HRV-3).
 *
 * All reasons that apply are given, most actionable first; `qualityWords.ts` says what to do about
 * each. A window without a reason satisfies clauses 1 and 3 of the statement (`checkWindow`).
 */

import { artefactMarks } from './artefacts.ts'
import { meanHrCentiBpm } from './features.ts'
import { clamp, floorDivide } from './integers.ts'
import { coverage } from './score.ts'
import { windowSums } from './sums.ts'
import { beatsMax, checkWindow, isIrregular, marksMax, type RrWindow } from './window.ts'

export type QualityReason =
  'STALE' | 'GAPS' | 'TOO_FEW_BEATS' | 'TOO_FAST' | 'TOO_MANY_MARKED' | 'IRREGULAR_RHYTHM'

export interface Quality {
  /** Empty when the window may be scored. */
  readonly reasons: readonly QualityReason[]
  /** 0..10000: coverage times the unmarked share. */
  readonly qualityBp: number
}

/** A sample older than this is stale (SENS-3). */
export const staleMsMax = 3000
const beatsMin = 30
const hrCentiBpmMax = 12_500

/** The intervals of a sensor before they are marked. */
export interface UnmarkedWindow extends Omit<RrWindow, 'marks'> {
  /** Intervals that the sensor itself doubts; as long as `ticks` where it says so. */
  readonly doubtful?: readonly boolean[]
}

/** The intervals with their artefact marks; what the sensor doubts is marked, too. */
export function markWindow({ ticks, firstOffsetTicks, doubtful }: UnmarkedWindow): RrWindow {
  const found = artefactMarks(ticks)
  const marks = found.map((isMarked, index) => isMarked || doubtful?.[index] === true)
  return { ticks, firstOffsetTicks, marks }
}

/** `ageMs` is how long ago the newest beat was measured; leave it out for a recorded window. */
export function checkQuality(window: RrWindow, ageMs = 0): Quality {
  const { ticks } = window
  if (ticks.length < 3) return { reasons: ['TOO_FEW_BEATS'], qualityBp: 0 }
  const sums = windowSums(window)
  const { beatCount, unmarkedCount, unmarkedTicks } = sums
  const markedCount = beatCount - unmarkedCount
  const hrCentiBpm = unmarkedTicks > 0 ? meanHrCentiBpm(unmarkedCount, unmarkedTicks) : 0
  const shape = checkWindow(window)
  const shapeCode = shape.ok ? undefined : shape.error.code

  const reasons: QualityReason[] = []
  if (ageMs > staleMsMax) reasons.push('STALE')
  if (shapeCode === 'WINDOW_COVERAGE' || shapeCode === 'WINDOW_INTERVAL') reasons.push('GAPS')
  if (beatCount < beatsMin) reasons.push('TOO_FEW_BEATS')
  if (hrCentiBpm > hrCentiBpmMax || beatCount > beatsMax) reasons.push('TOO_FAST')
  if (isIrregular(ticks)) reasons.push('IRREGULAR_RHYTHM')
  if (markedCount > marksMax || 10 * markedCount > beatCount || shapeCode === 'WINDOW_PAIR') {
    reasons.push('TOO_MANY_MARKED')
  }
  // What is left of `checkWindow` (marks that do not match the intervals) is a gap in the data.
  if (!shape.ok && reasons.length === 0) reasons.push('GAPS')

  const coverageBp = clamp(coverage(sums), 0, 10_000)
  return { reasons, qualityBp: floorDivide(coverageBp * unmarkedCount, beatCount) }
}
