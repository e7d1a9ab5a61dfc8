/**
 * The intervals of one window of the guide, out of the beats that a sensor gave meanwhile (LIVE-1,
 * SENS-3). Nothing is filled in: times follow from the newest beat and the exact intervals before
 * it, as in every window that is measured.
 */

import { markWindow } from '../emotion/quality.ts'
import { ticksPerSecond } from '../emotion/window.ts'
import type { BreathWindow } from './window.ts'

/** A beat on the clock that the guide runs by. */
export interface TimedBeat {
  /** Unix time, whole milliseconds. */
  readonly atMs: number
  /** The interval that it ends, 1/1024 s. */
  readonly rrTicks: number
  /** The sensor saw a beat and not surely where (HRV-1). */
  readonly isDoubtful: boolean
}

/**
 * `beats` are of one series, oldest first. What does not reach into the window is left out; whether
 * enough of it is there says `breathSamples`.
 */
export function cutBreathWindow(
  beats: readonly TimedBeat[],
  startMs: number,
  seconds: number,
): BreathWindow {
  const newest = beats.at(-1)
  const spanTicks = seconds * ticksPerSecond
  let endTicks = newest === undefined ? 0 : ticksOf(newest.atMs - startMs)
  let first = beats.length
  let firstOffsetTicks = 0
  let after = beats.length
  for (let index = beats.length - 1; index >= 0; index -= 1) {
    const beginTicks = endTicks - (beats[index]?.rrTicks ?? 0)
    if (beginTicks < 0) break
    if (endTicks > spanTicks) after = index
    first = index
    firstOffsetTicks = beginTicks
    endTicks = beginTicks
  }
  const inside = beats.slice(first, after)
  return markWindow({
    ticks: inside.map(({ rrTicks }) => rrTicks),
    doubtful: inside.map(({ isDoubtful }) => isDoubtful),
    firstOffsetTicks: inside.length === 0 ? 0 : firstOffsetTicks,
  })
}

function ticksOf(ms: number): number {
  return Math.floor((ms * ticksPerSecond) / 1000)
}
