import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { codebook60, codebook90 } from './codebook.ts'
import { phasesAt } from './codeword.ts'
import { cosineOf, cosineScale, sineOf } from './cosine.ts'
import { energyOf, explainedBp, spreadOf } from './explained.ts'
import { shareTablesOf, tableScale } from './shareTables.ts'

/** The same regression in floating point: Gram and Schmidt on the columns. */
function explainedFloat(times: readonly number[], phases: readonly number[], y: readonly number[]) {
  const dot = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, value, index) => sum + value * b[index]!, 0)
  const bases: number[][] = []
  const rest = (values: readonly number[]) => {
    let left = [...values]
    for (let pass = 0; pass < 2; pass += 1) {
      for (const base of bases) {
        const share = dot(base, left)
        left = left.map((value, index) => value - share * base[index]!)
      }
    }
    return left
  }
  const push = (values: readonly number[]) => {
    const left = rest(values)
    const norm = Math.sqrt(dot(left, left))
    bases.push(left.map((value) => value / norm))
  }
  push(times.map(() => 1))
  push(times)
  push(times.map((time) => time * time))
  const trendOnly = rest(y)
  push(phases.map((phase) => Math.cos((2 * Math.PI * phase) / 256)))
  push(phases.map((phase) => Math.sin((2 * Math.PI * phase) / 256)))
  const all = rest(y)
  return 1 - dot(all, all) / dot(trendOnly, trendOnly)
}

const tables = shareTablesOf(codebook60)
const times = Array.from({ length: tables.sampleCount }, (_, half) => half)

/** The phases of a codeword in the middle of each half second, `lag` seconds late. */
function phasesOf(codeword: number, lag: number): readonly number[] {
  const ticks = times.map((half) => 512 * half + 256 - 1024 * lag)
  return phasesAt(codebook60.codewords[codeword]!, ticks)
}

function shareOf(rhythm: readonly number[], codeword: number, lag: number): number {
  const pair = tables.breaths[codeword]![lag]!
  return explainedBp(energyOf(rhythm, pair), spreadOf(rhythm, tables), tables.sampleCount)
}

describe('LIVE-1 the share that a codeword explains', () => {
  test('the cosine is a thousand times the cosine, rounded', () => {
    for (let phase = 0; phase < 256; phase += 1) {
      const angle = (2 * Math.PI * phase) / 256
      expect(cosineOf(phase)).toBeCloseTo(Math.round(cosineScale * Math.cos(angle)), 9)
      expect(sineOf(phase)).toBeCloseTo(Math.round(cosineScale * Math.sin(angle)), 9)
    }
  })

  test('agrees with a regression in floating point', () => {
    const values = fc.array(fc.integer({ min: 616, max: 4096 }), { minLength: 120, maxLength: 120 })
    const codeword = fc.integer({ min: 0, max: 15 })
    const lag = fc.integer({ min: 0, max: 4 })
    fc.assert(
      fc.property(values, codeword, lag, (rhythm, asked, late) => {
        const expected = explainedFloat(times, phasesOf(asked, late), rhythm)
        expect(shareOf(rhythm, asked, late) / 10_000).toBeCloseTo(expected, 2)
      }),
      { numRuns: 60 },
    )
  })

  test('a sine of the breath is explained, whatever line or parabola it rides on', () => {
    for (const [asked, lag] of [
      [3, 0],
      [9, 4],
    ] as const) {
      const rhythm = phasesOf(asked, lag).map(
        (phase, at) => 1800 + 3 * at - Math.round(at ** 2 / 60) + Math.round(sineOf(phase) / 10),
      )
      expect(shareOf(rhythm, asked, lag)).toBeGreaterThan(9800)
      expect(shareOf(rhythm, asked, lag)).toBeLessThanOrEqual(10_000)
      expect(shareOf(rhythm, asked + 1, lag)).toBeLessThan(3100)
    }
  })

  test('nothing is explained where nothing varies', () => {
    const still = times.map(() => 2000)
    expect(spreadOf(still, tables)).toBe(0n)
    expect(shareOf(still, 3, 0)).toBe(0)
  })

  test.each([codebook60, codebook90])(
    'tables drop the mean, have one length, and stand across from line and parabola',
    (book) => {
      const { line, parabola, breaths } = shareTablesOf(book)
      const all = [line, parabola, ...breaths.flat(2)]
      const dot = (a: readonly number[], b: readonly number[]) =>
        a.reduce((sum, value, index) => sum + value * b[index]!, 0)
      for (const table of all) {
        expect(table.reduce((sum, value) => sum + value, 0)).toBe(0)
        expect(Math.abs(dot(table, table) / tableScale ** 2 - 1)).toBeLessThan(0.02)
      }
      for (const [cosine, sine] of breaths.flat()) {
        for (const other of [line, parabola, sine]) {
          expect(Math.abs(dot(cosine, other)) / tableScale ** 2).toBeLessThan(0.01)
        }
      }
    },
  )
})
