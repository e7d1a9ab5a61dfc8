/**
 * A recording through the gate of the page: its 60 s windows, each with features, quality and the
 * reasons against it, and the whole of it (QUAL-1, HRV-2).
 *
 * Windows are cut by the page's own beat buffer and judged by the integers of the core; spectrum
 * and breathing are the display path. The whole is described in floating point over what was
 * measured.
 */

import { BeatBuffer, type BeatWindow } from '../../src/adapters/sensors/beatBuffer.ts'
import { displayHrv, type DisplayHrv } from '../../src/adapters/sensors/hrv/displayHrv.ts'
import {
  pulseRespirationOf,
  type PulseWave,
} from '../../src/adapters/sensors/hrv/pulseRespiration.ts'
import { msToTicks, ticksToMs } from '../../src/adapters/sensors/ticks.ts'
import { artefactMarks } from '../../src/core/emotion/artefacts.ts'
import { describeWindow } from '../../src/core/emotion/features.ts'
import { checkQuality, markWindow, type QualityReason } from '../../src/core/emotion/quality.ts'
import type { Interval, Recording, SignalReason } from './recording.ts'

export type Reason = QualityReason | SignalReason

export interface Verdict {
  readonly accepted: boolean
  /** Empty when accepted; else all that apply. */
  readonly reasons: readonly Reason[]
}

export interface WindowReport extends Verdict {
  readonly startMs: number
  readonly endMs: number
  /** 0..10000. */
  readonly qualityBp: number
  readonly hrBpm: number | undefined
  readonly rmssdMs: number | undefined
  readonly sdnnMs: number | undefined
  readonly pnn50: number | undefined
  readonly lfHf: number | undefined
  readonly respiration: DisplayHrv['respiration']
  readonly beatCount: number
  readonly markedCount: number
}

export interface Evaluation {
  readonly kind: Recording['kind']
  readonly durationMs: number
  readonly windows: readonly WindowReport[]
  readonly overall: Verdict & {
    /** Over normal, surely placed intervals; the rate over all that are surely one. */
    readonly normal: DisplayHrv
    /** Over all intervals, uncorrected. */
    readonly all: DisplayHrv
    /** Basis points: marked or doubtful. */
    readonly markedShareBp: number
    readonly coverageBp: number
    /** Median standard deviation of an interval, where the sensor can tell. */
    readonly uncertaintyMs: number | undefined
  }
  readonly notes: readonly string[]
}

const windowMs = 60_000
const stepMs = 30_000
const beatsMin = 30
const hrBpmMax = 125
/** HRV-3, as in a window. */
const irregularShareMax = 0.15
/** A tenth as in a window; of an optical sensor 15 %, because it doubts more than it mistakes. */
const markedShareMax = { rr: 0.1, ecg: 0.1, ppg: 0.15, face: 0.15, finger: 0.15 } as const
/** So much of the recording must lie in intervals. */
const coverageMin = 0.75

export function evaluate(recording: Recording): Evaluation {
  const { kind, durationMs, intervals, notes } = recording
  const ticks = intervals.map(({ rrMs }) => Math.round(msToTicks(rrMs)))
  const found = marksBySeries(intervals, ticks)
  const marks = found.map((isMarked, index) => isMarked || intervals[index]?.isDoubtful === true)
  const rrMs = intervals.map((interval) => interval.rrMs)
  const all = displayHrv(
    rrMs,
    marks.map(() => false),
  )
  const normal = withRate(displayHrv(rrMs, marks), intervals, found)
  const markedShare = marks.filter(Boolean).length / Math.max(1, marks.length)
  const coverage = all.durationMs / Math.max(1, durationMs)
  const reasons = wholeReasons(recording, { normal, markedShare, coverage })
  return {
    kind,
    durationMs,
    windows: windowsOf(recording),
    overall: {
      accepted: reasons.length === 0,
      reasons,
      normal,
      all,
      markedShareBp: Math.round(10_000 * markedShare),
      coverageBp: Math.round(10_000 * Math.min(1, coverage)),
      uncertaintyMs: middleOf(intervals.flatMap(({ uncertaintyMs }) => uncertaintyMs ?? [])),
    },
    notes,
  }
}

/** Marks look at neighbours, and there are none across a gap. */
function marksBySeries(intervals: readonly Interval[], ticks: readonly number[]): boolean[] {
  const marks: boolean[] = []
  for (let from = 0; from < intervals.length;) {
    let to = from
    while (to < intervals.length && intervals[to]?.series === intervals[from]?.series) to += 1
    // One by one: a day of beats is more than a call takes as arguments.
    for (const isMarked of artefactMarks(ticks.slice(from, to))) marks.push(isMarked)
    from = to
  }
  return marks
}

/**
 * Of an optical sensor the rate counts every interval that is surely one: where its beats stand
 * wrongly, the intervals before and after make up for it.
 */
function withRate(
  hrv: DisplayHrv,
  intervals: readonly Interval[],
  marks: readonly boolean[],
): DisplayHrv {
  if (!intervals.some(({ uncertaintyMs }) => uncertaintyMs !== undefined)) return hrv
  const hasDoubts = intervals.some(({ isDoubtful }) => isDoubtful)
  const single = intervals.filter(({ isOutlier }, index) =>
    hasDoubts ? !isOutlier : marks[index] !== true,
  )
  if (single.length === 0) return hrv
  const meanRrMs = single.reduce((sum, { rrMs }) => sum + rrMs, 0) / single.length
  return { ...hrv, meanRrMs, hrBpm: 60_000 / meanRrMs }
}

function wholeReasons(
  { kind, intervals, signalReasons }: Recording,
  whole: { readonly normal: DisplayHrv; readonly markedShare: number; readonly coverage: number },
): readonly Reason[] {
  const reasons: Reason[] = [...signalReasons]
  const add = (reason: Reason, applies: boolean): void => {
    if (applies && !reasons.includes(reason)) reasons.push(reason)
  }
  const isOptical = kind === 'ppg' || kind === 'face' || kind === 'finger'
  add('TOO_FEW_BEATS', intervals.length < beatsMin)
  add('TOO_FAST', (whole.normal.hrBpm ?? 0) > hrBpmMax)
  const isMarked = whole.markedShare > markedShareMax[kind]
  if (isOptical) add('PULSE_WEAK', isMarked)
  else {
    add('IRREGULAR_RHYTHM', irregularShare(intervals) > irregularShareMax)
    add('TOO_MANY_MARKED', isMarked)
  }
  add('GAPS', whole.coverage < coverageMin)
  return reasons
}

/** HRV-3 over the whole: neighbours that differ by more than a fifth of their mean. */
function irregularShare(intervals: readonly Interval[]): number {
  let pairs = 0
  let jumps = 0
  for (const [index, { rrMs, series }] of intervals.entries()) {
    const before = intervals[index - 1]
    if (before?.series !== series) continue
    pairs += 1
    if (10 * Math.abs(rrMs - before.rrMs) > rrMs + before.rrMs) jumps += 1
  }
  return jumps / Math.max(1, pairs)
}

function windowsOf(recording: Recording): readonly WindowReport[] {
  const { intervals, durationMs } = recording
  const buffer = new BeatBuffer()
  const reports: WindowReport[] = []
  let next = 0
  for (let endMs = windowMs; endMs <= durationMs; endMs += stepMs) {
    for (; (intervals[next]?.timeMs ?? Infinity) <= endMs; next += 1) {
      const interval = intervals[next]
      if (interval === undefined) break
      const { series, timeMs, rrMs, isDoubtful } = interval
      const beats = [{ timeMs, rrTicks: Math.round(msToTicks(rrMs)), isDoubtful }]
      buffer.add({ kind: 'beats', series, beats })
    }
    reports.push(reportOf(buffer, endMs, recording))
  }
  return reports
}

function reportOf(
  buffer: BeatBuffer,
  endMs: number,
  { signalReasons, wave }: Recording,
): WindowReport {
  const cut = buffer.cutWindow(endMs)
  const span = { startMs: endMs - windowMs, endMs }
  if (!cut.ok) {
    const isFast = cut.error.code === 'WINDOW_TOO_FAST'
    const none = signalReasons.length > 0 ? signalReasons : (['GAPS'] as const)
    const reasons: readonly Reason[] = isFast ? ['TOO_FAST'] : none
    return { ...span, accepted: false, reasons, qualityBp: 0, ...nothing }
  }
  const window = markWindow(cut.value)
  const { reasons, qualityBp } = checkQuality(window)
  const { ticks, marks } = window
  const features = describeWindow(window)
  const shown = displayHrv(ticks.map(ticksToMs), marks)
  const hundredth = (value: number | undefined): number | undefined => value && value / 100
  return {
    ...span,
    accepted: reasons.length === 0,
    reasons,
    qualityBp,
    hrBpm: hundredth(features.meanHrCentiBpm),
    rmssdMs: hundredth(features.rmssdCentiMs),
    sdnnMs: hundredth(features.sdnnCentiMs),
    pnn50: hundredth(features.pnn50Bp),
    lfHf: shown.lfHf,
    respiration: wave === undefined ? shown.respiration : breathsOf(cut.value, marks, wave),
    beatCount: features.beatCount,
    markedCount: features.markedCount,
  }
}

function breathsOf(
  { startMs, firstOffsetTicks, ticks }: BeatWindow,
  marks: readonly boolean[],
  wave: PulseWave,
): DisplayHrv['respiration'] {
  let atTicks = firstOffsetTicks
  const spans = ticks.map((rrTicks, index) => {
    atTicks += rrTicks
    const timeMs = startMs + ticksToMs(atTicks)
    return { timeMs, rrMs: ticksToMs(rrTicks), isMarked: marks[index] === true }
  })
  return pulseRespirationOf(spans, wave)
}

const nothing = {
  hrBpm: undefined,
  rmssdMs: undefined,
  sdnnMs: undefined,
  pnn50: undefined,
  lfHf: undefined,
  respiration: undefined,
  beatCount: 0,
  markedCount: 0,
}

function middleOf(values: readonly number[]): number | undefined {
  return [...values].sort((one, other) => one - other)[values.length >> 1]
}
