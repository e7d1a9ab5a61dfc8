/**
 * Windows to compare circuit, core and oracle on (FIT-4): cut at random from recordings beside the
 * project, or made from a seed. Marks, baseline, provenance, the level before and damage are drawn:
 * most windows hold, and of every bound some lie one beyond it.
 */

import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { baselineBounds, type Baseline } from '../../src/core/emotion/baseline.ts'
import { clamp } from '../../src/core/emotion/integers.ts'
import type { Provenance } from '../../src/core/emotion/provenance.ts'
import { markWindow } from '../../src/core/emotion/quality.ts'
import { baselineOf } from '../../src/core/emotion/statement.fixture.ts'
import { windowSums } from '../../src/core/emotion/sums.ts'
import { seededGenerator, testWindow } from '../../src/core/emotion/testWindows.fixture.ts'
import { beatsMax, windowTicks, type RrWindow } from '../../src/core/emotion/window.ts'

export interface WindowCase {
  readonly seed: number
  readonly window: RrWindow
  readonly baseline: Baseline
  readonly provenance: Provenance
  /** What the proof before left, and how many epochs were missed since (FIT-3). */
  readonly before: { readonly levelBp: number; readonly missed: number } | undefined
}

const folder = new URL('../../../shared/data/heart/', import.meta.url)

export const hasRecordings = existsSync(folder)

type Draw = (least: number, most: number) => number

/** Recordings of beats in ticks, by name; empty where there are none beside the project. */
export function recordedBeats(): ReadonlyMap<string, readonly number[]> {
  if (!hasRecordings) return new Map()
  const read = (path: string): string => readFileSync(new URL(path, folder), 'utf8')
  const numbers = (text: string): readonly number[] => text.trim().split(/\s+/).map(Number)
  const column = (text: string, index: number): readonly number[] =>
    text
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => Number(line.split(',')[index]))
  const people = readdirSync(new URL('welltory-ppg/data/', folder)).map((name) => {
    return [name, numbers(read(`welltory-ppg/data/${name}/RR.txt`))] as const
  })
  const recorded: readonly (readonly [string, readonly number[]])[] = [
    ['rest', numbers(read('hrv-rhenanbartels/rest_rri.txt'))],
    ['real', numbers(read('hrv-rhenanbartels/real_rri.txt'))],
    ['exercise', numbers(read('hrv-rhenanbartels/exercise_rri.hrm').split('[HRData]')[1] ?? '')],
    ['bigeminy', column(read('polar-h10-detectPVC/polar_h10_rr.csv'), 2)],
    ['mitdb 100', column(read('mitdb100/100_beats.csv'), 1)],
    ...people,
  ]
  return new Map(
    recorded.map(([name, rrMs]) => [
      name,
      rrMs.filter((rr) => rr > 0).map((rr) => Math.round(rr * 1.024)),
    ]),
  )
}

/** A minute from any tick of any recording that is longer. */
export function recordedCase(
  seed: number,
  recordings: ReadonlyMap<string, readonly number[]>,
): WindowCase {
  const draw = drawOf(seed)
  const long = [...recordings.values()].filter((ticks) => lengthOf(ticks) > windowTicks + 4096)
  const ticks = long[draw(0, long.length - 1)] ?? []
  const from = draw(0, lengthOf(ticks) - windowTicks)
  const inside: number[] = []
  let [start, first] = [0, 0]
  for (const tick of ticks) {
    if (start >= from && start + tick <= from + windowTicks) {
      if (inside.length === 0) first = start - from
      inside.push(tick)
    }
    start += tick
  }
  return caseOf(seed, draw, { ticks: inside, firstOffsetTicks: first })
}

/** Rates, spreads and trends of all kinds. */
export function seededCase(seed: number): WindowCase {
  const draw = drawOf(seed)
  const window = testWindow({
    seed,
    meanTicks: draw(500, 1500),
    waveTicks: draw(0, 60),
    noiseTicks: draw(0, 40),
    driftTicks: draw(-60, 60),
  })
  return caseOf(seed, draw, window)
}

function caseOf(
  seed: number,
  draw: Draw,
  beats: Pick<RrWindow, 'ticks' | 'firstOffsetTicks'>,
): WindowCase {
  const ticks = beats.ticks.slice(0, beatsMax)
  const found = markWindow({ ...beats, ticks })
  const added = new Set(Array.from({ length: draw(-2, 2) }, () => draw(0, ticks.length - 1)))
  const marks = found.marks.map((mark, index) => mark || added.has(index))
  const window = damaged({ ...found, marks }, draw)
  const provenance = draw(0, 2) === 0 ? 'camera' : 'strap'
  const baseline = baselineNear(window, draw)
  const missed = [0, 0, draw(0, 20), draw(0, 93), 93, 94][draw(0, 5)] ?? 0
  const before = draw(0, 3) === 0 ? undefined : { levelBp: draw(0, 10_000), missed }
  return { seed, window, baseline, provenance, before }
}

/** Every fourth window is changed where a bound is: an interval, a mark, the offset. */
function damaged(window: RrWindow, draw: Draw): RrWindow {
  const { ticks, marks, firstOffsetTicks } = window
  const at = draw(0, ticks.length - 1)
  const changed = (value: number): RrWindow => ({ ...window, ticks: ticks.with(at, value) })
  switch (draw(0, 31)) {
    case 0:
      return changed([307, 308, 2048, 2049][draw(0, 3)] ?? 0)
    case 1:
      return { ...window, firstOffsetTicks: draw(2047, 2049) }
    case 2:
      return { ...window, ticks: ticks.slice(0, -2), marks: marks.slice(0, -2) }
    case 3:
      return { ...window, marks: marks.map((_, index) => index % 11 < draw(0, 1)) }
    case 4:
      return { ...window, marks: marks.map(() => false) }
    case 5:
      return changed(Math.trunc((3 * (ticks[at - 1] ?? 800)) / 2) + draw(0, 1))
    case 6:
      return { ...window, firstOffsetTicks: firstOffsetTicks + draw(1, 2048) }
    case 7:
      return { ...window, marks: marks.map((mark, index) => mark || index < 9) }
    case 8:
    case 9:
      return { ...window, ticks: jumping(ticks, draw) }
    default:
      return window
  }
}

/** As long as before, with about as many jumps as may be (HRV-3). */
function jumping(ticks: readonly number[], draw: Draw): readonly number[] {
  const couples = Math.floor((3 * (ticks.length - 1)) / 20) + draw(-1, 1)
  const made = [...ticks]
  for (let couple = 0; couple < couples; couple += 1) {
    const at = 4 * couple + 1
    const [left = 0, right = 0] = made.slice(at, at + 2)
    const moved = Math.floor((left + right) / 16)
    const half = Math.floor((left + right) / 2)
    if (right > 0) made.splice(at, 2, half + moved, left + right - half - moved)
  }
  return made
}

/** Near the window's own, so that the score is on the slopes and not at its ends alone. */
function baselineNear(window: RrWindow, draw: Draw): Baseline {
  const own = windowSums(window).pairCount > 0 ? baselineOf(window) : undefined
  const near = (field: 'restHrCentiBpm' | 'lnRmssdQ16', spread: number): number => {
    const [least, most] = baselineBounds[field]
    return clamp((own?.[field] ?? least) + draw(-spread, spread), least, most)
  }
  return {
    restHrCentiBpm: near('restHrCentiBpm', 1500),
    hrSigmaCentiBpm: draw(...baselineBounds.hrSigmaCentiBpm),
    lnRmssdQ16: near('lnRmssdQ16', 60_000),
    lnRmssdSigmaQ16: draw(...baselineBounds.lnRmssdSigmaQ16),
  }
}

function lengthOf(ticks: readonly number[]): number {
  return ticks.reduce((sum, tick) => sum + tick, 0)
}

function drawOf(seed: number): Draw {
  const next = seededGenerator(seed * 7919 + 1)
  return (least, most) => (most <= least ? least : least + (next() % (most - least + 1)))
}
