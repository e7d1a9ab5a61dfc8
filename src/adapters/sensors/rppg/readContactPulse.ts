/**
 * The beats of a recorded contact pulse wave: a finger on a lens, or a finger clip (SENS-2).
 * Windows of 20 s with half overlap, read by the same steps as the live camera; the middle of each
 * counts, so that no filter ends near a beat that is given out.
 *
 * Nothing is filled in. A beat without frames around it is doubtful, an interval across missing
 * frames is; where more than two seconds are missing a new series begins.
 */

import { judgeIntervals, type JudgedInterval } from '../judgeIntervals.ts'
import { estimatePulse, type PulseEstimate, type PulseMethod } from './estimatePulse.ts'
import { findBeats } from './findBeats.ts'
import { judgeBeats, type JudgedBeat } from './judgeBeats.ts'
import { frameGapMsMax } from './pulseQuality.ts'
import type { RgbSample } from './rgbTrace.ts'

/**
 * Doubtful: not surely placed, no part of RMSSD and its like. An outlier: perhaps not one interval,
 * no part of the rate either.
 */
export interface PulseInterval extends JudgedInterval {
  readonly series: number
}

export interface ContactPulse {
  readonly intervals: readonly PulseInterval[]
  /** Of each window that was read. */
  readonly snrDb: readonly number[]
  readonly methods: readonly PulseMethod[]
}

const windowMs = 20_000
const hopMs = 10_000
const spanMsMin = 8_000
/** Longer without a frame and a new series begins: no interval of a heart spans it. */
const breakMs = 2_000
/** A beat needs frames this near on both sides. */
const unseenMs = 120
export function readContactPulse(
  samples: readonly RgbSample[],
  methods: readonly PulseMethod[],
): ContactPulse {
  const intervals: PulseInterval[] = []
  const snrDb: number[] = []
  const used: PulseMethod[] = []
  let series = 0
  for (const part of unbroken(samples)) {
    series += 1
    let beats: JudgedBeat[] = []
    for (const { estimate, judged } of readWindows(part, methods)) {
      snrDb.push(estimate.snrDb)
      used.push(estimate.method)
      beats = joined(beats, judged, 500 / estimate.rateHz)
    }
    intervals.push(...intervalsOf(series, beats, gapsOf(part)))
  }
  return { intervals, snrDb, methods: used }
}

/** Stretches without a long gap; frames that repeat or go back in time tell nothing. */
function unbroken(samples: readonly RgbSample[]): readonly (readonly RgbSample[])[] {
  const parts: RgbSample[][] = []
  let lastMs = -Infinity
  for (const sample of samples) {
    if (sample.timeMs <= lastMs) continue
    if (sample.timeMs - lastMs > breakMs) parts.push([])
    parts.at(-1)?.push(sample)
    lastMs = sample.timeMs
  }
  return parts.filter((part) => spanOf(part) >= spanMsMin)
}

function spanOf(part: readonly RgbSample[]): number {
  return (part.at(-1)?.timeMs ?? 0) - (part[0]?.timeMs ?? 0)
}

/** Each window's beats in the part of it that counts. */
function* readWindows(
  part: readonly RgbSample[],
  methods: readonly PulseMethod[],
): Generator<{ readonly estimate: PulseEstimate; readonly judged: readonly JudgedBeat[] }> {
  const startMs = part[0]?.timeMs ?? 0
  const endMs = part.at(-1)?.timeMs ?? 0
  const edgeMs = (windowMs - hopMs) / 2
  let keep: PulseMethod | undefined
  let first = 0
  for (let fromMs = startMs; ; fromMs += hopMs) {
    const isLast = fromMs + windowMs >= endMs
    const from = isLast ? Math.max(startMs, endMs - windowMs) : fromMs
    while ((part[first]?.timeMs ?? Infinity) < from) first += 1
    let end = first
    while ((part[end]?.timeMs ?? Infinity) <= from + windowMs) end += 1
    const inside = part.slice(first, end)
    const estimate = estimatePulse(inside, methods, keep)
    if (estimate !== undefined) {
      keep = estimate.method
      const lowMs = from === startMs ? -Infinity : from + edgeMs
      const highMs = isLast ? Infinity : from + windowMs - edgeMs
      const judged = judgeBeats(estimate, findBeats(estimate))
      yield {
        estimate,
        judged: judged.filter(({ timeMs }) => timeMs >= lowMs && timeMs < highMs),
      }
    }
    if (isLast) return
  }
}

/** A beat that two windows found is one: nearer than half a period to the last. */
function joined(
  before: readonly JudgedBeat[],
  after: readonly JudgedBeat[],
  nearMs: number,
): JudgedBeat[] {
  const lastMs = before.at(-1)?.timeMs ?? -Infinity
  return [...before, ...after.filter(({ timeMs }) => timeMs - lastMs > nearMs)]
}

interface Gap {
  readonly fromMs: number
  readonly toMs: number
}

function gapsOf(part: readonly RgbSample[]): readonly Gap[] {
  return part.slice(1).flatMap(({ timeMs: toMs }, index) => {
    const fromMs = part[index]?.timeMs ?? toMs
    return toMs - fromMs > unseenMs ? [{ fromMs, toMs }] : []
  })
}

function intervalsOf(
  series: number,
  found: readonly JudgedBeat[],
  gaps: readonly Gap[],
): readonly PulseInterval[] {
  const beats = trimmed(found)
  const isUnseen = (ms: number): boolean =>
    gaps.some(({ fromMs, toMs }) => ms > fromMs - unseenMs / 2 && ms < toMs + unseenMs / 2)
  const spans = (fromMs: number, toMs: number): boolean =>
    gaps.some(
      (gap) => gap.toMs - gap.fromMs > frameGapMsMax && gap.fromMs < toMs && gap.toMs > fromMs,
    )
  const seen = beats.map((beat) => ({
    ...beat,
    isDoubtful: beat.isDoubtful || isUnseen(beat.timeMs),
  }))
  return judgeIntervals(seen).map((interval) => {
    const { timeMs, rrMs } = interval
    const isOutlier = interval.isOutlier || spans(timeMs - rrMs, timeMs)
    return { ...interval, series, isOutlier, isDoubtful: isOutlier || interval.isDoubtful }
  })
}

/** Doubtful beats at either end are no part of the series. */
function trimmed(beats: readonly JudgedBeat[]): readonly JudgedBeat[] {
  const first = beats.findIndex(({ isDoubtful }) => !isDoubtful)
  const last = beats.findLastIndex(({ isDoubtful }) => !isDoubtful)
  return first < 0 ? [] : beats.slice(first, last + 1)
}
