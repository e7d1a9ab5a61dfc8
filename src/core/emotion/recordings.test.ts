/** Real recordings; skipped with a reason where the data is not at hand. */

import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { artefactMarks } from './artefacts.ts'
import { describeWindow } from './features.ts'
import { measureBaseline } from './measureBaseline.ts'
import { checkQuality, markWindow } from './quality.ts'
import { scoreWindow } from './score.ts'
import { checkWindow, windowTicks, type RrWindow } from './window.ts'

const root = new URL('../../../../shared/data/heart/', import.meta.url)
const isAbsent = !existsSync(root)
const note = isAbsent ? ' (skipped: no recordings beside the project)' : ''

interface Reference {
  readonly HR: number
  readonly RMSSD: number
  readonly SDNN: number
  readonly pNN50: number
}

const read = (path: string): string => readFileSync(new URL(path, root), 'utf8')
const numbers = (text: string): readonly number[] => text.trim().split(/\s+/).map(Number)
const column = (text: string, index: number): readonly number[] =>
  text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => Number(line.split(',')[index]))
const isRr = (rr: number): boolean => rr > 0
const toTicks = (rrMs: readonly number[]): readonly number[] =>
  rrMs.map((rr) => Math.round(rr * 1.024))

const rest = (): readonly number[] => numbers(read('hrv-rhenanbartels/rest_rri.txt'))
const real = (): readonly number[] => numbers(read('hrv-rhenanbartels/real_rri.txt')).filter(isRr)
const exercise = (): readonly number[] =>
  numbers(read('hrv-rhenanbartels/exercise_rri.hrm').split('[HRData]')[1] ?? '')
const bigeminy = (): readonly number[] =>
  column(read('polar-h10-detectPVC/polar_h10_rr.csv'), 2).filter(isRr)
const mitdb = (): readonly number[] => column(read('mitdb100/100_beats.csv'), 1).filter(isRr)

/** All 60 s windows of a record, one each 30 s. */
function windowsOf(rrMs: readonly number[]): readonly RrWindow[] {
  const ticks = toTicks(rrMs)
  const starts: number[] = []
  let endTicks = 0
  for (const rr of ticks) {
    starts.push(endTicks)
    endTicks += rr
  }
  const windows: RrWindow[] = []
  for (let from = 0; from + windowTicks <= endTicks; from += windowTicks / 2) {
    const inside = ticks.filter((rr, index) => {
      const start = starts[index] ?? 0
      return start >= from && start + rr <= from + windowTicks
    })
    const firstOffsetTicks = (starts.find((start) => start >= from) ?? 0) - from
    windows.push(markWindow({ ticks: inside, firstOffsetTicks }))
  }
  return windows
}

const passes = (window: RrWindow): boolean => checkQuality(window).reasons.length === 0

describe.skipIf(isAbsent)(`HRV-2 features of recordings${note}`, () => {
  const cases: readonly (readonly [string, () => readonly number[]])[] = [
    ['hrv-rhenanbartels/rest_rri.txt', rest],
    ['hrv-rhenanbartels/real_rri.txt[zeros removed]', real],
    ['hrv-rhenanbartels/exercise_rri.hrm', exercise],
    ['polar-h10-detectPVC/polar_h10_rr.csv', bigeminy],
    ['mitdb100/100_beats.csv all beats', mitdb],
  ]

  it.each(cases)('%s', (name, load) => {
    const references = JSON.parse(read('reference_hrv.json')) as {
      series: Record<string, Reference>
    }
    const reference = references.series[name]
    if (reference === undefined) throw new Error(`no reference for ${name}`)
    const rrMs = load()
    const ticks = toTicks(rrMs)
    const features = describeWindow({ ticks, marks: ticks.map(() => false) })
    // Milliseconds become ticks of 0.977 ms: each interval is off by at most half of one.
    const { meanHrCentiBpm = 0, rmssdCentiMs = 0, sdnnCentiMs = 0, pnn50Bp = 0 } = features
    expect(Math.abs(meanHrCentiBpm / 100 - reference.HR)).toBeLessThan(0.02)
    expect(Math.abs(rmssdCentiMs / 100 - reference.RMSSD)).toBeLessThan(0.05)
    expect(Math.abs(sdnnCentiMs / 100 - reference.SDNN)).toBeLessThan(0.05)
    // A difference of 50 ms is 51.2 ticks: pairs within one tick of it may fall on either side.
    const edge = rrMs.slice(1).filter((rr, index) => {
      const difference = Math.abs(rr - (rrMs[index] ?? 0))
      return Math.abs(difference - 50) <= 1.1
    }).length
    const tolerance = (100 * edge) / (rrMs.length - 1) + 0.02
    expect(Math.abs(pnn50Bp / 100 - reference.pNN50)).toBeLessThanOrEqual(tolerance)
  })

  it('HRV-1 finds the labelled ectopics of mitdb 100, which triple its RMSSD', () => {
    const text = read('mitdb100/100_beats.csv')
    const symbols = text
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',')[2])
    const ticks = toTicks(mitdb())
    const marks = artefactMarks(ticks)
    // Interval i ends at beat i + 1: the first beat ends none.
    const ectopics = symbols.slice(1).flatMap((symbol, index) => (symbol === 'N' ? [] : [index]))
    const found = ectopics.filter((index) => marks[index] === true || marks[index + 1] === true)
    expect(ectopics).toHaveLength(34)
    expect(found.length).toBeGreaterThanOrEqual(33)
    const { rmssdCentiMs = 0 } = describeWindow({ ticks, marks })
    // 27.48 ms over normal beats by label; 63.23 ms over all.
    expect(Math.abs(rmssdCentiMs / 100 - 27.48)).toBeLessThan(1.5)
  })
})

describe.skipIf(isAbsent)(`QUAL-1 the gate on recordings${note}`, () => {
  it('HRV-3 refuses every window of recorded bigeminy', () => {
    const windows = windowsOf(bigeminy())
    expect(windows.length).toBeGreaterThan(15)
    for (const window of windows) {
      expect(checkQuality(window).reasons).toContain('IRREGULAR_RHYTHM')
    }
  })

  it.each([
    ['rest', rest, 0.9],
    ['real', real, 0.9],
    ['mitdb 100', mitdb, 0.85],
  ] as const)('accepts most windows of %s', (_, load, share) => {
    const windows = windowsOf(load())
    const passed = windows.filter(passes)
    expect(passed.length).toBeGreaterThanOrEqual(share * windows.length)
    for (const window of passed) expect(checkWindow(window).ok).toBe(true)
  })

  it('accepts strap recordings of a minute at rest', () => {
    const names = readdirSync(new URL('welltory-ppg/data/', root))
    const firsts = names.map((name) => windowsOf(numbers(read(`welltory-ppg/data/${name}/RR.txt`))))
    const accepted = firsts.filter((windows) => windows.some(passes))
    expect(names.length).toBeGreaterThan(8)
    expect(accepted.length).toBe(names.length)
  })
})

describe.skipIf(isAbsent)(`FIT-1 the score on recordings${note}`, () => {
  const eligibleShare = (rrMs: readonly number[]): number => {
    const windows = windowsOf(rrMs).filter(passes)
    const baseline = measureBaseline(windows.slice(0, 5))
    if (!baseline.ok) throw new Error(baseline.error.code)
    const scores = windows.map((window) => scoreWindow(window, baseline.value, 'strap').scoreBp)
    return scores.filter((score) => score >= 7500).length / scores.length
  }

  it('finds people at rest eligible, and mostly not during exercise', () => {
    expect(eligibleShare(rest())).toBeGreaterThan(0.85)
    expect(eligibleShare(real())).toBeGreaterThan(0.85)
    expect(eligibleShare(exercise())).toBeLessThan(0.2)
  })
})
