/**
 * What the outlook of FIT-5 is worth on recordings of straps: at each window whether the range
 * foretold from those that ended before it began holds it, and how far its middle is off, beside
 * the newest score and a line through the last ones (Theil and Sen).
 */
import { recordedBeats } from '../../circuits/campaign/windows.ts'
import { measureBaseline } from '../../src/core/emotion/measureBaseline.ts'
import { outlookOf, sampleEveryMs, type ScoreSample } from '../../src/core/emotion/outlook.ts'
import { checkQuality, markWindow } from '../../src/core/emotion/quality.ts'
import { scoreWindow } from '../../src/core/emotion/score.ts'
import { windowTicks, type RrWindow } from '../../src/core/emotion/window.ts'
import { medianOf } from '../measure.ts'
import { meanOf } from './recordings.ts'

export interface OutlookFigures {
  readonly recordings: number
  readonly windows: number
  /** Share of windows that lie in the range foretold. */
  readonly held: number
  readonly medianWidthBp: number
  /** Mean distance, basis points. */
  readonly middleMae: number
  readonly newestMae: number
  readonly lineMae: number
}

interface Foretold {
  readonly isHeld: boolean
  readonly widthBp: number
  readonly middle: number
  readonly newest: number
  readonly line: number
}

const ticksPerMs = 1.024
const baselineWindows = 5
const lineSamples = 8

export function outlookFigures(): OutlookFigures {
  const all = [...recordedBeats().values()].map(foretoldOf).filter(({ length }) => length > 0)
  const rows = all.flat()
  return {
    recordings: all.length,
    windows: rows.length,
    held: rows.filter(({ isHeld }) => isHeld).length / rows.length,
    medianWidthBp: medianOf(rows.map(({ widthBp }) => widthBp)),
    middleMae: meanOf(rows.map(({ middle }) => middle)),
    newestMae: meanOf(rows.map(({ newest }) => newest)),
    lineMae: meanOf(rows.map(({ line }) => line)),
  }
}

/** Baseline from the first five windows that pass the gate, then each window from those before. */
function foretoldOf(ticks: readonly number[]): readonly Foretold[] {
  const windows = windowsOf(ticks)
  const baseline = measureBaseline(windows.slice(0, baselineWindows).map(({ window }) => window))
  if (!baseline.ok) return []
  const samples = windows.map(({ endMs, window }) => ({
    atMs: endMs,
    scoreBp: scoreWindow(window, baseline.value, 'strap').scoreBp,
  }))
  return samples.flatMap((sample) => foretold(sample, samples) ?? [])
}

function foretold(sample: ScoreSample, all: readonly ScoreSample[]): Foretold | undefined {
  const startMs = sample.atMs - windowTicks / ticksPerMs
  const before = all.filter(({ atMs }) => atMs <= startMs)
  const outlook = outlookOf(before, startMs)
  if (outlook === undefined) return undefined
  const { fromBp, toBp } = outlook
  const off = (guess: number): number => Math.abs(guess - sample.scoreBp)
  return {
    isHeld: sample.scoreBp >= fromBp && sample.scoreBp <= toBp,
    widthBp: toBp - fromBp,
    middle: off((fromBp + toBp) / 2),
    newest: off(before.at(-1)?.scoreBp ?? 0),
    line: off(lineAt(before.slice(-lineSamples), sample.atMs)),
  }
}

function lineAt(samples: readonly ScoreSample[], atMs: number): number {
  const slopes = samples.flatMap((later, index) =>
    samples
      .slice(0, index)
      .map((earlier) => (later.scoreBp - earlier.scoreBp) / (later.atMs - earlier.atMs)),
  )
  const slope = medianOf(slopes)
  const height = medianOf(samples.map((one) => one.scoreBp - slope * one.atMs))
  return Math.max(0, Math.min(10_000, height + slope * atMs))
}

/** Half a minute apart, those that pass the gate. */
function windowsOf(ticks: readonly number[]): readonly { endMs: number; window: RrWindow }[] {
  const ends: number[] = []
  for (const tick of ticks) ends.push((ends.at(-1) ?? 0) + tick)
  const windows: { endMs: number; window: RrWindow }[] = []
  const stepTicks = sampleEveryMs * ticksPerMs
  for (let from = 0; from + windowTicks <= (ends.at(-1) ?? 0); from += stepTicks) {
    const inside = ticks.flatMap((tick, index) => {
      const end = ends[index] ?? 0
      return end - tick >= from && end <= from + windowTicks ? [{ tick, start: end - tick }] : []
    })
    const cut = markWindow({
      ticks: inside.map(({ tick }) => tick),
      firstOffsetTicks: Math.round((inside[0]?.start ?? from) - from),
    })
    const isGood = checkQuality(cut).reasons.length === 0
    if (isGood) windows.push({ endMs: (from + windowTicks) / ticksPerMs, window: cut })
  }
  return windows
}
