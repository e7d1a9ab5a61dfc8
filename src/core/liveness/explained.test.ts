import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cosineOf, cosineScale, sineOf } from './cosine.ts'
import { explainedBp, trendOf } from './explained.ts'

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

function samples(rrTicks: readonly number[]) {
  let at = 0
  return { rrTicks, endTicks: rrTicks.map((rr) => (at += rr)) }
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
    const beat = fc.tuple(fc.integer({ min: 600, max: 1300 }), fc.integer({ min: 0, max: 255 }))
    fc.assert(
      fc.property(fc.array(beat, { minLength: 30, maxLength: 128 }), (beats) => {
        const { rrTicks, endTicks } = samples(beats.map(([rr]) => rr))
        const phases = beats.map(([, phase]) => phase)
        const trend = trendOf({ rrTicks, endTicks })
        const expected = explainedFloat(trend.columns[1]!, phases, rrTicks)
        expect(explainedBp(trend, phases) / 10_000).toBeCloseTo(expected, 3)
      }),
      { numRuns: 60 },
    )
  })

  test('a sine of the breath is explained, whatever line or parabola it rides on', () => {
    const phases = Array.from({ length: 60 }, (_, index) => (index * 37) % 256)
    const rrTicks = phases.map((phase, at) => 900 + 2 * at + Math.round(sineOf(phase) / 10))
    expect(explainedBp(trendOf(samples(rrTicks)), phases)).toBeGreaterThan(9900)
  })

  test('nothing is explained where nothing varies, or everything is alike', () => {
    const still = samples(new Array<number>(60).fill(1000))
    const phases = still.rrTicks.map((_, index) => (index * 37) % 256)
    expect(explainedBp(trendOf(still), phases)).toBe(0)
    const moving = samples(phases.map((phase) => 900 + phase))
    expect(explainedBp(trendOf(moving), new Array<number>(60).fill(7))).toBe(0)
  })
})
