import { describe, expect, it } from 'vitest'
import { u32be } from '../base/bytes.ts'
import { hash } from '../crypto/hash.ts'
import { discreteGaussian, discreteLaplace, isExp } from './discreteGaussian.ts'
import { SeedStream } from './seedStream.ts'

function stream(seed: number): SeedStream {
  return new SeedStream('noise', hash('keyDerivation', u32be(seed)))
}

/** Pearson's statistic over −bound … bound, and everything beyond as one more class. */
function chiSquare(
  draws: readonly number[],
  weight: (value: number) => number,
  bound: number,
): number {
  const values = Array.from({ length: 2 * bound + 1 }, (_, index) => index - bound)
  const far = Array.from({ length: 2001 }, (_, index) => index - 1000)
  const total = far.reduce((sum, value) => sum + weight(value), 0)
  let statistic = 0
  let [seenBeyond, shareBeyond] = [draws.length, 1]
  for (const value of values) {
    const seen = draws.filter((draw) => draw === value).length
    const share = weight(value) / total
    statistic += (seen - share * draws.length) ** 2 / (share * draws.length)
    seenBeyond -= seen
    shareBeyond -= share
  }
  const expected = shareBeyond * draws.length
  return statistic + (seenBeyond - expected) ** 2 / expected
}

const count = 20_000

describe('PRIV-2: noise has exactly the distribution it is said to have', () => {
  // 0.1 % quantiles of χ² with 2·bound + 1 degrees of freedom.
  it.each([
    { variance: 2, bound: 3, quantile: 24.3 },
    { variance: 3, bound: 4, quantile: 27.9 },
    { variance: 10, bound: 9, quantile: 43.8 },
  ])('discrete Gaussian of variance $variance', ({ variance, bound, quantile }) => {
    const source = stream(variance)
    const draws = Array.from({ length: count }, () => discreteGaussian(source, variance))
    const weight = (x: number): number => Math.exp((-x * x) / (2 * variance))
    expect(chiSquare(draws, weight, bound)).toBeLessThan(quantile)
    // The test can tell: a variance a tenth larger is refused.
    const wrong = (x: number): number => Math.exp((-x * x) / (2.2 * variance))
    expect(chiSquare(draws, wrong, bound)).toBeGreaterThan(quantile)
  })

  it('discrete Laplace of scale 3', () => {
    const source = stream(77)
    const draws = Array.from({ length: count }, () => Number(discreteLaplace(source, 3n)))
    expect(chiSquare(draws, (x) => Math.exp(-Math.abs(x) / 3), 9)).toBeLessThan(43.8)
  })

  it.each([
    [1n, 3n],
    [1n, 1n],
    [5n, 2n],
  ])('coins of chance e^−(%s/%s)', (numerator, denominator) => {
    const source = stream(5)
    const share = Math.exp(-Number(numerator) / Number(denominator))
    const hits = Array.from({ length: count }, () => isExp(source, numerator, denominator)).filter(
      (hit) => hit,
    ).length
    const deviation = Math.sqrt(share * (1 - share) * count)
    expect(Math.abs(hits - share * count)).toBeLessThan(3.3 * deviation)
  })
})

describe('PRIV-2: numbers of a seed', () => {
  it('are uniform below any bound, and the same for the same seed', () => {
    for (const bound of [1n, 2n, 5n, 256n, 257n]) {
      const [one, again] = [stream(9), stream(9)]
      const draws = Array.from({ length: 4000 }, () => one.below(bound))
      expect(draws).toEqual(Array.from({ length: 4000 }, () => again.below(bound)))
      expect(draws.every((draw) => draw >= 0n && draw < bound)).toBe(true)
      const low = draws.filter((draw) => 2n * draw < bound).length / draws.length
      const share = Number((bound + 1n) / 2n) / Number(bound)
      expect(Math.abs(low - share)).toBeLessThan(0.03)
    }
  })

  it('differ by use', () => {
    const seed = hash('keyDerivation', u32be(1))
    const wide = 1n << 250n
    expect(new SeedStream('noise', seed).below(wide)).not.toBe(
      new SeedStream('share', seed).below(wide),
    )
  })
})
