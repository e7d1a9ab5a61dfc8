import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { describeWindow } from '../../../core/emotion/features.ts'
import { displayHrv } from './displayHrv.ts'
import { respirationOf } from './respiration.ts'
import { cubicSpline } from './spline.ts'

const none = (rr: readonly number[]): readonly boolean[] => rr.map(() => false)

/** Intervals of a heart that breathes at `hz` with an amplitude in milliseconds. */
function breathing(seconds: number, hz: number, amplitudeMs: number, meanMs = 850): number[] {
  const rr: number[] = []
  for (let timeMs = 0; timeMs < 1000 * seconds; timeMs += rr.at(-1) ?? 0) {
    rr.push(meanMs + amplitudeMs * Math.sin((2 * Math.PI * hz * timeMs) / 1000))
  }
  return rr
}

describe('HRV-2 the display path', () => {
  it('agrees with the integers of the core to their last digit', () => {
    const ticks = [900, 930, 871, 1010, 955, 902, 1102, 880, 914, 951]
    const marks = ticks.map((_, index) => index === 6)
    const shown = displayHrv(
      ticks.map((tick) => tick / 1.024),
      marks,
    )
    const core = describeWindow({ ticks, marks })
    expect(Math.floor(100 * (shown.hrBpm ?? 0))).toBe(core.meanHrCentiBpm)
    expect(Math.floor(100 * (shown.rmssdMs ?? 0))).toBe(core.rmssdCentiMs)
    expect(Math.floor(100 * (shown.sdnnMs ?? 0))).toBe(core.sdnnCentiMs)
    expect(Math.floor(100 * (shown.pnn50 ?? 0) + 1e-9)).toBe(core.pnn50Bp)
  })

  it('shows no spectrum below a minute, and nothing of nothing', () => {
    const rr = breathing(50, 0.25, 40)
    expect(displayHrv(rr, none(rr)).lfHf).toBeUndefined()
    expect(displayHrv([], [])).toMatchObject({ hrBpm: undefined, rmssdMs: undefined })
    expect(displayHrv([800], [false])).toMatchObject({ rmssdMs: undefined, sdnnMs: undefined })
  })

  it.each([
    [0.1, 20],
    [0.25, 0.05],
  ])('a wave of %f Hz is in its own band', (hz, ratio) => {
    const rr = breathing(180, hz, 40)
    const { lfHf = NaN, lfMs2 = NaN, hfMs2 = NaN } = displayHrv(rr, none(rr))
    expect(hz < 0.15 ? lfHf > ratio : lfHf < ratio).toBe(true)
    // The power of a sine is half its amplitude squared.
    expect(Math.max(lfMs2, hfMs2) / 800).toBeGreaterThan(0.9)
    expect(Math.max(lfMs2, hfMs2) / 800).toBeLessThan(1.1)
  })

  it('a spline through a cubic is that cubic, and knots out of order give none', () => {
    const cubic = (x: number): number => 2 * x ** 3 - x ** 2 + 3
    const xs = [0, 1, 1.5, 4, 7]
    const curve = cubicSpline(xs, xs.map(cubic))
    for (const x of [0.3, 1.2, 3, 6.9]) expect(curve?.(x)).toBeCloseTo(cubic(x), 8)
    expect(cubicSpline([0, 2, 1, 3], [0, 0, 0, 0])).toBeUndefined()
    expect(cubicSpline([0, 1, 2], [0, 0, 0])).toBeUndefined()
  })
})

describe('HRV-4 respiration from intervals', () => {
  it.each([9, 15, 21])('finds %i breaths a minute', (rate) => {
    const rr = breathing(60, rate / 60, 30)
    const found = respirationOf(rr, none(rr))
    expect(Math.abs((found?.breathsPerMinute ?? 0) - rate)).toBeLessThan(0.7)
    expect(found?.confidence).toBeGreaterThan(0.8)
  })

  it('has no answer where the wave is slower than breathing, in noise, or too short', () => {
    let state = 7
    const random = (): number => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647
    const noise = Array.from({ length: 75 }, () => 800 + 60 * (random() + random() - 1))
    const short = breathing(30, 0.25, 40)
    expect(respirationOf(noise, none(noise))).toBeUndefined()
    expect(respirationOf(short, none(short))).toBeUndefined()
  })
})

const root = new URL('../../../../../shared/data/heart/', import.meta.url)
const isAbsent = !existsSync(root)
const note = isAbsent ? ' (skipped: no recordings beside the project)' : ''
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8')
const numbers = (text: string): number[] => text.trim().split(/\s+/).map(Number)
const column = (text: string, index: number): number[] => {
  const rows = text.trim().split('\n').slice(1)
  return rows.map((row) => Number(row.split(',')[index])).filter((rr) => rr > 0)
}
const polarFile = (name: string): number[] =>
  numbers(read(`hrv-rhenanbartels/${name}`).split('[HRData]')[1] ?? '')

/** The beats that end within the first `seconds`. */
function first(rr: readonly number[], seconds: number): number[] {
  let endMs = 0
  return rr.filter((each) => (endMs += each) <= 1000 * seconds)
}

describe.skipIf(isAbsent)(`HRV-2 the display path on recordings${note}`, () => {
  const rest = (): number[] => numbers(read('hrv-rhenanbartels/rest_rri.txt'))
  const restName = 'hrv-rhenanbartels/rest_rri.txt'
  it.each([
    [restName, rest],
    [`${restName}[first 30s: cumsum<= 30]`, () => first(rest(), 30)],
    [`${restName}[first 60s: cumsum<= 60]`, () => first(rest(), 60)],
    [`${restName}[first 300s: cumsum<= 300]`, () => first(rest(), 300)],
    [
      'hrv-rhenanbartels/real_rri.txt[zeros removed]',
      () => numbers(read('hrv-rhenanbartels/real_rri.txt')).filter((rr) => rr > 0),
    ],
    ['hrv-rhenanbartels/exercise_rri.hrm', () => polarFile('exercise_rri.hrm')],
    ['hrv-rhenanbartels/noisy_rri.hrm', () => polarFile('noisy_rri.hrm')],
    [
      'polar-h10-detectPVC/polar_h10_rr.csv',
      () => column(read('polar-h10-detectPVC/polar_h10_rr.csv'), 2),
    ],
    ['mitdb100/100_beats.csv all beats', () => column(read('mitdb100/100_beats.csv'), 1)],
  ])('%s', (name, load) => {
    const { series } = JSON.parse(read('reference_hrv.json')) as {
      series: Record<string, Record<string, number>>
    }
    const expected = series[name] ?? {}
    const rr = load()
    const shown = displayHrv(rr, none(rr))
    // Times of the MIT-BIH record are printed to 0.1 ms.
    const digits = name.startsWith('mitdb') ? 0.02 : 0.0001
    const near = (value: number | undefined, key: string): void => {
      expect(Math.abs((value ?? NaN) - (expected[key] ?? NaN))).toBeLessThanOrEqual(digits)
    }
    near(shown.meanRrMs, 'meanNN')
    near(shown.hrBpm, 'HR')
    near(shown.rmssdMs, 'RMSSD')
    near(shown.sdnnMs, 'SDNN')
    near(shown.pnn50, 'pNN50')
    const { LFHF } = expected
    if (LFHF === undefined) expect(shown.lfHf).toBeUndefined()
    else expect(Math.abs((shown.lfHf ?? 0) / LFHF - 1)).toBeLessThan(0.002)
  })
})
