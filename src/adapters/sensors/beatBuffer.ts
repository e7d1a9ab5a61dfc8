/**
 * Collects beats and cuts the window that a proof speaks of (SENS-3, HRV-1).
 *
 * Nothing is filled in: where a sensor began a new series, or gave an interval that no heart makes,
 * the window across it is refused. Times inside a series follow from its newest beat and the exact
 * intervals, so that a corrected clock offset of the sensor moves the whole series together.
 */

import { err, ok, type Result } from '../../core/base/result.ts'
import { staleMs, type Beat, type BeatsEvent } from '../../ports/sensor.ts'
import { isHeartInterval, rrTicksMax, ticksPerSecond, ticksToMs } from './ticks.ts'

/** Length of the window of the proof: 60 s. */
export const windowTicks = 60 * ticksPerSecond
/** The circuit has room for this many intervals. */
export const windowBeatsMax = 128

/**
 * A beat whose own time disagrees more than this with the beats before is no part of their series.
 * A strap corrects its clock offset by up to one interval of a slow heart.
 */
const seriesShiftMsMax = 2250

/** Three minutes of enrolment and a window before it. */
const keepTicks = 240 * ticksPerSecond

/** Contiguous intervals that cover a window to within one beat at either end. */
export interface BeatWindow {
  readonly startMs: number
  readonly endMs: number
  /** From the start of the window to its first beat. */
  readonly firstOffsetTicks: number
  /** Intervals after the first beat, 1/1024 s. */
  readonly ticks: readonly number[]
  /** Which of them the sensor doubts. */
  readonly doubtful: readonly boolean[]
  /** The largest uncertainty of a beat in it; 0 where the sensor states none. */
  readonly uncertaintyMsMax: number
}

export type WindowError =
  /** No beat yet. */
  | { readonly code: 'WINDOW_EMPTY' }
  /**
   * The newest beat is too old for a window that ends there: the sensor is lost, or still behind.
   */
  | { readonly code: 'WINDOW_STALE'; readonly behindMs: number }
  /** Beats are missing inside: wait until the window has passed the gap. */
  | { readonly code: 'WINDOW_GAP'; readonly gapMs: number }
  /** Not recorded for long enough yet. */
  | { readonly code: 'WINDOW_TOO_SHORT'; readonly haveMs: number; readonly needMs: number }
  /** More beats than the circuit takes. */
  | { readonly code: 'WINDOW_TOO_FAST'; readonly beats: number }

interface Series {
  readonly id: number
  /** Intervals, oldest first: the series has one beat more than intervals. */
  rrTicks: number[]
  uncertaintyMs: number[]
  doubtful: boolean[]
  totalTicks: number
  lastMs: number
}

export class BeatBuffer {
  readonly #series: Series[] = []
  #isBroken = true

  add(event: BeatsEvent): void {
    for (const beat of event.beats) {
      if (!isHeartInterval(beat.rrTicks) || !Number.isFinite(beat.timeMs)) {
        this.#isBroken = true
        continue
      }
      const series = this.#seriesFor(event.series, beat)
      series.rrTicks.push(beat.rrTicks)
      series.uncertaintyMs.push(beat.uncertaintyMs ?? 0)
      series.doubtful.push(beat.isDoubtful ?? false)
      series.totalTicks += beat.rrTicks
      series.lastMs = beat.timeMs
      while (series.totalTicks > keepTicks) {
        series.totalTicks -= series.rrTicks.shift() ?? 0
        series.uncertaintyMs.shift()
        series.doubtful.shift()
      }
    }
    this.#forget()
  }

  /** Time of the newest beat. */
  get lastBeatMs(): number | undefined {
    return this.#series.at(-1)?.lastMs
  }

  /** `lost` after 3 s without a beat (SENS-3). */
  freshness(nowMs: number): 'empty' | 'fresh' | 'lost' {
    const lastMs = this.lastBeatMs
    if (lastMs === undefined) return 'empty'
    return nowMs - lastMs > staleMs ? 'lost' : 'fresh'
  }

  /** Contiguous time up to now, for a progress bar; 0 when the sensor is lost. */
  contiguousMs(nowMs: number): number {
    const series = this.#series.at(-1)
    if (series === undefined || this.freshness(nowMs) === 'lost') return 0
    return ticksToMs(series.totalTicks)
  }

  /** The window that ends at the newest beat, refused when that beat is stale. */
  cutLatest(nowMs: number): Result<BeatWindow, WindowError> {
    const lastMs = this.lastBeatMs
    if (lastMs === undefined) return err({ code: 'WINDOW_EMPTY' })
    if (this.freshness(nowMs) === 'lost') {
      return err({ code: 'WINDOW_STALE', behindMs: nowMs - lastMs })
    }
    return this.cutWindow(lastMs)
  }

  /** The 60 s before `endMs`. Call it once beats up to `endMs` have had time to arrive. */
  cutWindow(endMs: number): Result<BeatWindow, WindowError> {
    const startMs = endMs - ticksToMs(windowTicks)
    const index = this.#series.findLastIndex((series) => firstMs(series) <= endMs)
    const series = this.#series[index]
    if (series === undefined) return err({ code: 'WINDOW_EMPTY' })
    const isNewest = index === this.#series.length - 1
    if (series.lastMs < endMs - ticksToMs(rrTicksMax)) {
      if (!isNewest) return err({ code: 'WINDOW_GAP', gapMs: series.lastMs })
      return err({ code: 'WINDOW_STALE', behindMs: endMs - series.lastMs })
    }
    if (firstMs(series) > startMs + ticksToMs(rrTicksMax)) {
      const before = this.#series[index - 1]
      if (before !== undefined && before.lastMs > startMs) {
        return err({ code: 'WINDOW_GAP', gapMs: firstMs(series) })
      }
      const haveMs = endMs - firstMs(series)
      return err({ code: 'WINDOW_TOO_SHORT', haveMs, needMs: ticksToMs(windowTicks) })
    }
    return fillWindow(series, startMs, endMs)
  }

  clear(): void {
    this.#series.length = 0
    this.#isBroken = true
  }

  #seriesFor(id: number, beat: Beat): Series {
    const last = this.#series.at(-1)
    if (last?.id === id && !this.#isBroken) {
      const expectedMs = last.lastMs + ticksToMs(beat.rrTicks)
      if (Math.abs(beat.timeMs - expectedMs) <= seriesShiftMsMax) return last
    }
    this.#isBroken = false
    const series = {
      id,
      rrTicks: [],
      uncertaintyMs: [],
      doubtful: [],
      totalTicks: 0,
      lastMs: 0,
    }
    this.#series.push(series)
    return series
  }

  #forget(): void {
    const lastMs = this.lastBeatMs ?? 0
    while (lastMs - (this.#series[0]?.lastMs ?? lastMs) > ticksToMs(keepTicks)) this.#series.shift()
  }
}

function firstMs(series: Series): number {
  return series.lastMs - ticksToMs(series.totalTicks)
}

/** The series reaches from before `startMs` + one beat to after `endMs` - one beat. */
function fillWindow(
  series: Series,
  startMs: number,
  endMs: number,
): Result<BeatWindow, WindowError> {
  let beatMs = firstMs(series)
  let first = 0
  while (beatMs < startMs) {
    beatMs += ticksToMs(series.rrTicks[first] ?? rrTicksMax)
    first += 1
  }
  const firstOffsetTicks = Math.floor(((beatMs - startMs) * ticksPerSecond) / 1000)
  const ticks: number[] = []
  const doubtful: boolean[] = []
  let usedTicks = firstOffsetTicks
  let uncertaintyMsMax = 0
  for (let index = first; index < series.rrTicks.length; index += 1) {
    const rrTicks = series.rrTicks[index] ?? 0
    if (usedTicks + rrTicks > windowTicks) break
    usedTicks += rrTicks
    ticks.push(rrTicks)
    doubtful.push(series.doubtful[index] ?? false)
    uncertaintyMsMax = Math.max(uncertaintyMsMax, series.uncertaintyMs[index] ?? 0)
  }
  if (ticks.length > windowBeatsMax) return err({ code: 'WINDOW_TOO_FAST', beats: ticks.length })
  return ok({ startMs, endMs, firstOffsetTicks, ticks, doubtful, uncertaintyMsMax })
}
