import { describe, expect, it } from 'vitest'
import type { Baseline } from './baseline.ts'
import { measureBaseline } from './measureBaseline.ts'
import { lnRmssdQ16, scoreWindow, windowHrCentiBpm } from './score.ts'
import { windowSums } from './sums.ts'
import { testWindow } from './testWindows.fixture.ts'
import { checkWindow, windowTicks } from './window.ts'

const rest = testWindow({ seed: 1 })

function baselineAt(changes: Partial<Baseline> = {}): Baseline {
  const sums = windowSums(rest)
  return {
    restHrCentiBpm: windowHrCentiBpm(sums),
    hrSigmaCentiBpm: 300,
    lnRmssdQ16: lnRmssdQ16(sums),
    lnRmssdSigmaQ16: 16_384,
    ...changes,
  }
}

describe('FIT-1 score', () => {
  it('makes one eligible at the own baseline', () => {
    const score = scoreWindow(rest, baselineAt(), 'strap')
    expect(score).toMatchObject({ hrZ: 0, lnRmssdZ: 0, calmBp: 9000 })
    expect(score.scoreBp).toBeGreaterThanOrEqual(7500)
  })

  it('maps z −3, −1, 0 and +1 to 0, 7000, 9000 and 10000', () => {
    const { restHrCentiBpm } = baselineAt()
    const calmAt = (z: number): number => {
      const baseline = baselineAt({ restHrCentiBpm: restHrCentiBpm + z * 300 })
      return scoreWindow(rest, baseline, 'camera').calmBp
    }
    expect([-4, -3, -1, 0, 1, 3].map(calmAt)).toEqual([0, 0, 7000, 9000, 10_000, 10_000])
  })

  it('ignores RMSSD of a camera and counts that of a strap', () => {
    const baseline = baselineAt({ lnRmssdQ16: baselineAt().lnRmssdQ16 + 16_384 })
    expect(scoreWindow(rest, baseline, 'camera').calmBp).toBe(9000)
    expect(scoreWindow(rest, baseline, 'strap').calmBp).toBe(8000)
  })

  it('gives hand-computed parts for four equal intervals', () => {
    const window = { ticks: [1024, 1024, 1024, 1024], marks: [false, false, false, false] }
    const baseline = baselineAt({ restHrCentiBpm: 6000, lnRmssdQ16: 196_608 })
    expect(scoreWindow(window, baseline, 'camera')).toEqual({
      hrZ: 0,
      lnRmssdZ: -30_000,
      calmBp: 9000,
      stabilityBp: 10_000,
      coverageBp: 666, // ⌊625 · 4096 / 3840⌋
      scoreBp: 8466, // ⌊(54000 + 30000 + 666) / 10⌋
    })
  })

  it('loses stability with a trend, five for one, and all of it at 20 %', () => {
    const parts = [0, 100, 400].map((driftTicks) => {
      const window = testWindow({ seed: 7, waveTicks: 0, noiseTicks: 0, driftTicks })
      return scoreWindow(window, baselineAt(), 'strap').stabilityBp
    })
    expect(parts[0]).toBe(10_000)
    // 100 of about 1000 ticks are 10 %: half of it.
    expect(parts[1]).toBeGreaterThan(4700)
    expect(parts[1]).toBeLessThan(5400)
    expect(parts[2]).toBe(0)
  })

  it('leaves out marked intervals', () => {
    const marks = rest.marks.map((_, index) => index === 3)
    const ticks = rest.ticks.map((rr, index) => (index === 3 ? rr + 200 : rr))
    const other = rest.ticks.map((rr, index) => (index === 3 ? rr + 100 : rr))
    const score = scoreWindow({ ticks, marks }, baselineAt(), 'strap')
    expect(score).toEqual(scoreWindow({ ticks: other, marks }, baselineAt(), 'strap'))
    expect(score.coverageBp).toBeLessThan(
      scoreWindow({ ticks, marks: rest.marks }, baselineAt(), 'strap').coverageBp,
    )
  })
})

describe('FIT-2 baseline', () => {
  it('is the mean of the windows with deviations at their floors for one window', () => {
    const measured = measureBaseline([rest])
    expect(measured).toEqual({ ok: true, value: baselineAt() })
  })

  it('caps wide deviations', () => {
    const windows = [800, 900, 1000, 1100, 1200].map((meanTicks, seed) =>
      testWindow({ seed, meanTicks, waveTicks: 2, noiseTicks: 2 + 30 * seed }),
    )
    const measured = measureBaseline(windows)
    expect(measured).toMatchObject({
      ok: true,
      value: { hrSigmaCentiBpm: 600, lnRmssdSigmaQ16: 32_768 },
    })
  })

  it('refuses a rest that does not pass the gate, and says which window', () => {
    const broken = { ...rest, ticks: rest.ticks.slice(0, 20), marks: rest.marks.slice(0, 20) }
    expect(measureBaseline([rest, broken])).toMatchObject({
      ok: false,
      error: { code: 'BASELINE_QUALITY', windowIndex: 1 },
    })
    expect(measureBaseline([])).toMatchObject({ ok: false, error: { code: 'BASELINE_WINDOWS' } })
  })
})

describe('HRV-1 window', () => {
  const codeOf = (changes: Partial<typeof rest>): string | undefined => {
    const checked = checkWindow({ ...rest, ...changes })
    return checked.ok ? undefined : checked.error.code
  }

  it('accepts the seeded rest', () => {
    expect(codeOf({})).toBeUndefined()
  })

  it('refuses each bound by name', () => {
    const swap = (index: number, rr: number): readonly number[] =>
      rest.ticks.map((value, at) => (at === index ? rr : value))
    expect(codeOf({ ticks: swap(4, 307) })).toBe('WINDOW_INTERVAL')
    expect(codeOf({ ticks: swap(4, 2049) })).toBe('WINDOW_INTERVAL')
    expect(codeOf({ firstOffsetTicks: 2049 })).toBe('WINDOW_COVERAGE')
    expect(codeOf({ firstOffsetTicks: windowTicks })).toBe('WINDOW_COVERAGE')
    expect(codeOf({ marks: rest.marks.map((_, index) => index < 9) })).toBe('WINDOW_MARKS')
    expect(codeOf({ marks: [] })).toBe('WINDOW_LENGTH')
    const [third = 0] = rest.ticks.slice(3)
    const jump = swap(4, Math.ceil((third * 3) / 2) + 1)
    expect(codeOf({ ticks: jump, firstOffsetTicks: 0 })).toBe('WINDOW_PAIR')
  })
})
