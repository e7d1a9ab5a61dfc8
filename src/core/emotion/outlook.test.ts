import { describe, expect, it } from 'vitest'
import { outlookOf, sampleEveryMs, trendMs, type ScoreSample } from './outlook.ts'

const series = (...scores: readonly number[]): readonly ScoreSample[] =>
  scores.map((scoreBp, index) => ({ atMs: index * sampleEveryMs, scoreBp }))
const trendOf = (...scores: readonly number[]): string | undefined =>
  outlookOf(series(...scores), scores.length * sampleEveryMs)?.trend

describe('FIT-5: where the score is going', () => {
  it('says nothing about under five windows, nor about old ones', () => {
    expect(outlookOf(series(8000, 8100, 8200, 8300), 120_000)).toBeUndefined()
    const five = series(8000, 8100, 8200, 8300, 8400)
    expect(outlookOf(five, 120_000)).toBeDefined()
    expect(outlookOf(five, trendMs)).toBeUndefined()
    expect(outlookOf(five, 119_999)).toBeUndefined()
  })

  it('is the range of the last eight windows, 200 wider, and no more than there is', () => {
    const samples = series(1000, 8000, 8200, 8100, 8400, 8300, 8250, 8150, 8350)
    expect(outlookOf(samples, 300_000)).toMatchObject({ fromBp: 7800, toBp: 8600 })
    expect(outlookOf(series(100, 9900, 500, 600, 700), 150_000)).toMatchObject({
      fromBp: 0,
      toBp: 10_000,
    })
  })

  it('calls a trend what chance would seldom do, over windows that share no beat', () => {
    // Seven windows: four that share none, in order; the chance of that is one in twelve.
    expect(trendOf(7000, 0, 7100, 0, 7200, 0, 7300)).toBe('rising')
    expect(trendOf(7300, 0, 7200, 0, 7100, 0, 7000)).toBe('falling')
    expect(trendOf(7000, 0, 7200, 0, 7100, 0, 7300)).toBe('steady')
    // Three in order happen by chance in one of three cases.
    expect(trendOf(7000, 0, 7100, 0, 7200)).toBe('steady')
    expect(trendOf(8000, 8000, 8000, 8000, 8000, 8000, 8000, 8000, 8000)).toBe('steady')
  })

  it('of ten windows that share none needs 21 pairs more in order than not, of 45', () => {
    // Kendall's table: S = 19 has a chance of 0.108, S = 21 of 0.072 (n = 10, both sides).
    const order = (swaps: number): readonly number[] => {
      const scores = Array.from({ length: 10 }, (_none, index) => 7000 + 10 * index)
      for (let swap = 0; swap < swaps; swap += 1) {
        const at = scores.findIndex((score, index) => score < (scores[index + 1] ?? -1))
        ;[scores[at], scores[at + 1]] = [scores[at + 1] ?? 0, scores[at] ?? 0]
      }
      return scores.flatMap((score) => [0, score]).slice(1)
    }
    // Each exchange of neighbours takes two from 45.
    expect(trendOf(...order(12))).toBe('rising')
    expect(trendOf(...order(13))).toBe('steady')
    expect(trendOf(...order(32))).toBe('steady')
    expect(trendOf(...order(33))).toBe('falling')
  })
})
