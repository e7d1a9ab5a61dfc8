/**
 * The recordings of fingers as other phones would have made them: fewer frames, lost ones, times
 * that shake, less light, whole levels. Each variant goes through the same file, gate and figures
 * as the recordings themselves; nothing is set by what comes out.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { evaluate } from '../../scripts/emotion/evaluate.ts'
import { readRgb } from '../../scripts/emotion/readRgb.ts'
import { seededRandom } from '../../src/adapters/sensors/seededRandom.ts'
import { summaryOf, type FingerRow, type FingerSummary } from './finger.ts'
import { rowsOf } from './recordings.ts'

interface Frame {
  readonly timeMs: number
  readonly colour: readonly number[]
}

type Change = (frames: readonly Frame[], random: () => number) => readonly Frame[]

export interface Variant extends FingerSummary {
  readonly name: string
}

const changes: Readonly<Record<string, Change>> = {
  '15 frames a second': (frames) => thinned(frames, 1000 / 15),
  '20 frames a second': (frames) => thinned(frames, 1000 / 20),
  'one frame in 20 lost': (frames, random) => frames.filter(() => random() >= 0.05),
  'one frame in 7 lost': (frames, random) => frames.filter(() => random() >= 1 / 7),
  '200 ms lost each 17 s': (frames) => frames.filter(({ timeMs }) => timeMs % 17_000 >= 200),
  '3 s lost in the middle': (frames) =>
    frames.filter(({ timeMs }) => timeMs < 30_000 || timeMs >= 33_000),
  'times off by up to 10 ms': (frames, random) =>
    frames
      .map(({ timeMs, colour }) => ({ timeMs: timeMs + 20 * random(), colour }))
      .toSorted((one, other) => one.timeMs - other.timeMs),
  'a third of the light': (frames) => levels(frames, (level) => level / 3),
  'tenths of a level': (frames) => levels(frames, (level) => Math.round(10 * level) / 10),
  'whole levels': (frames) => levels(frames, Math.round),
}

/** `rows` are those of the recordings as they are: names and what the strap said. */
export function fingerVariants(rows: readonly FingerRow[]): readonly Variant[] {
  const folder = mkdtempSync(join(tmpdir(), 'variants-'))
  try {
    return Object.entries(changes).map(([name, change]) => {
      const random = seededRandom(1)
      const changed = rows.map((row) => {
        const frames = change(framesOf(row.name), random)
        return measured(row, join(folder, 'variant.csv'), frames)
      })
      return { name, ...summaryOf(changed) }
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function measured(row: FingerRow, path: string, frames: readonly Frame[]): FingerRow {
  const lines = frames.map(({ timeMs, colour }) => [timeMs, ...colour].join(','))
  writeFileSync(path, ['time,R,G,B', ...lines].join('\n'))
  const { accepted, markedShareBp, normal } = evaluate(readRgb(path, {})).overall
  const { hrBpm = NaN, rmssdMs = NaN } = normal
  const hrError = hrBpm - row.strapHrBpm
  return { ...row, accepted, markedShareBp, hrError, rmssdError: rmssdMs - row.strapRmssdMs }
}

function framesOf(name: string): readonly Frame[] {
  return rowsOf(`welltory-ppg/data/${name}/PPG.csv`).map((fields) => {
    const [timeMs = 0, ...colour] = fields.map(Number)
    return { timeMs, colour }
  })
}

/** The first frame of each step of time. */
function thinned(frames: readonly Frame[], stepMs: number): readonly Frame[] {
  let step = -1
  return frames.filter(({ timeMs }) => {
    const own = Math.floor(timeMs / stepMs)
    const isNew = own > step
    step = own
    return isNew
  })
}

function levels(frames: readonly Frame[], of: (level: number) => number): readonly Frame[] {
  return frames.map(({ timeMs, colour }) => ({ timeMs, colour: colour.map(of) }))
}
