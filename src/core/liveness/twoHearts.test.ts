import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lagTicksMax, matchHearts, toleranceTicks } from './twoHearts.ts'

/** Beats with a wandering rate, from a seed. */
function beatsFrom(seed: number, count = 70): readonly number[] {
  let at = 5000
  let state = seed
  return Array.from({ length: count }, () => {
    state = (state * 48_271) % 2_147_483_647
    at += 800 + (state % 200)
    return at
  })
}

const heart = beatsFrom(7)

describe('LIVE-5 two hearts must be one', () => {
  test.each([0, 1, 2000, lagTicksMax])('one heart, late by %i ticks', (lag) => {
    const late = heart.map((at) => at + lag)
    expect(matchHearts(heart, late)).toMatchObject({ verdict: 'one', matched: 70 })
  })

  test('a lag beyond 4 s, or before the other, is another heart', () => {
    const beyond = lagTicksMax + toleranceTicks + 1
    expect(
      matchHearts(
        heart,
        heart.map((at) => at + beyond),
      ).verdict,
    ).toBe('two')
    expect(
      matchHearts(
        heart,
        heart.map((at) => at - 400),
      ).verdict,
    ).toBe('two')
  })

  test('beats within 60 ms match, nine of ten are enough, eight are not', () => {
    const within = (share: number) =>
      heart.map((at, index) => at + 500 + (index % 10 < share ? 0 : 250))
    expect(matchHearts(heart, within(10))).toMatchObject({ verdict: 'one', overlap: 70 })
    expect(matchHearts(heart, within(9))).toMatchObject({ verdict: 'one', matched: 63 })
    expect(matchHearts(heart, within(8))).toMatchObject({ verdict: 'two', matched: 56 })
  })

  test('a beat more or less at one sensor counts against it', () => {
    const missing = heart.filter((_, index) => index % 5 !== 2)
    expect(matchHearts(heart, missing)).toMatchObject({ verdict: 'two', overlap: 70 })
    expect(matchHearts(missing, heart)).toMatchObject({ verdict: 'two', overlap: 70 })
  })

  test('hearts of other people do not match', () => {
    for (let seed = 100; seed < 160; seed += 1) {
      expect(matchHearts(beatsFrom(seed), beatsFrom(seed + 1000)).verdict).toBe('two')
    }
  })

  test.each([
    ['no beats', [], heart],
    ['too few', heart.slice(0, 29), heart],
    ['out of order', heart.toReversed(), heart],
    ['nearer than a heart beats', heart, heart.flatMap((at) => [at, at + 100])],
    ['not a number', heart.with(3, NaN), heart],
    ['not whole', heart.with(3, heart[3]! + 0.5), heart],
    ['more than two windows', beatsFrom(3, 257), heart],
    ['never at the same time', heart, heart.map((at) => at + 1_000_000)],
  ])('%s: inconclusive', (_, prompt, late) => {
    expect(matchHearts(prompt, late).verdict).toBe('inconclusive')
  })

  test('no lag matches more beats than the one found', () => {
    const gaps = fc.array(fc.integer({ min: 400, max: 1200 }), { minLength: 30, maxLength: 40 })
    const beats = gaps.map((each) =>
      each.map(
        (
          (at) => (gap: number) =>
            (at += gap)
        )(4096),
      ),
    )
    fc.assert(
      fc.property(beats, beats, (prompt, late) => {
        const best = matchHearts(prompt, late)
        const count = (lag: number) =>
          prompt.filter((at) => late.some((other) => Math.abs(other - at - lag) <= toleranceTicks))
            .length
        expect(count(best.lagTicks)).toBe(best.matched)
        for (let lag = 0; lag <= lagTicksMax; lag += 64) {
          expect(count(lag)).toBeLessThanOrEqual(best.matched)
        }
      }),
      { numRuns: 20 },
    )
  })
})
