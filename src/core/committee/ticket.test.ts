import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { u32be } from '../base/bytes.ts'
import { protocol } from '../params.ts'
import { floorSqrt, kappaQ32, nextTheta, ticketCounts } from './ticket.ts'
import { rotationOf, weightQ32 } from './weight.ts'

const capMicro = 100_000_000_000n
const one = 1n << 32n
/** Of the newest epoch that the weights of epoch 100 know of. */
const newestMark = 101 - protocol.stakeLagEpochs
const plain = { reputation: 5_000, uptime: 10_000, servedMark: 0, reputationMark: newestMark }

describe('COM-2 weight', () => {
  it('of capped stake with full merit that never served is one', () => {
    const best = { ...plain, stakeMicro: 5n * capMicro, reputation: 10_000 }
    expect(weightQ32(best, 100, capMicro)).toBe(one)
  })

  it.each([
    [{ ...plain, stakeMicro: capMicro }, (one * 85n) / 100n],
    [{ ...plain, stakeMicro: capMicro / 10n }, (one * 85n) / 1_000n],
    [{ ...plain, stakeMicro: 0n }, 0n],
    [{ ...plain, stakeMicro: capMicro, reputation: 1_000 }, (one * 73n) / 100n],
    [{ ...plain, stakeMicro: capMicro, servedMark: 95 }, (one * 85n) / 200n],
  ])('of %o is %d', (inputs, weight) => {
    expect(weightQ32(inputs, 100, capMicro)).toBe(weight)
  })

  it('REP-1: takes the reputation that boundary(e-7) knows, with its decay until then', () => {
    const served = { ...plain, stakeMicro: capMicro, reputation: 9_000 }
    const idle = (epochs: number): bigint =>
      weightQ32({ ...served, reputationMark: newestMark - epochs }, 100, capMicro)
    expect(idle(0)).toBe((one * 97n) / 100n)
    expect(idle(3)).toBe(idle(0))
    // A basis point of reputation is 0.3 of one of the weight.
    expect(idle(4)).toBe((one * 96_997n) / 100_000n)
    expect(weightQ32({ ...served, reputationMark: 101 }, 100, capMicro)).toBe(idle(0))
  })

  it('rotation halves after serving and is whole again ten epochs of waiting later', () => {
    const newest = newestMark
    expect(rotationOf(0, 100)).toBe(10_000)
    expect(rotationOf(newest, 100)).toBe(5_000)
    expect(rotationOf(newest - 1, 100)).toBe(5_500)
    expect(rotationOf(newest - 9, 100)).toBe(9_500)
    expect(rotationOf(newest - 10, 100)).toBe(10_000)
    expect(rotationOf(newest + 1, 100)).toBe(5_000)
    expect(rotationOf(101, 100)).toBe(5_000)
  })

  it('never gives a split stake more weight than the whole has', () => {
    const stakes = fc.bigInt({ min: 0n, max: capMicro })
    fc.assert(
      fc.property(stakes, stakes, (left, right) => {
        const weigh = (stakeMicro: bigint): bigint =>
          weightQ32({ ...plain, stakeMicro }, 9, 2n * capMicro)
        const whole = weigh(left + right)
        expect(weigh(left) + weigh(right) <= whole).toBe(true)
      }),
    )
  })
})

describe('COM-1 tickets', () => {
  it('give about the asked number of candidates when θ = 64/Σw₀', () => {
    const validators = 2_000
    const weight = (one * 85n) / 1_000n
    const theta = nextTheta({
      previous: undefined,
      active: validators,
      candidates: 0,
      weightSum: () => weight * BigInt(validators),
    })
    const epochs = 20
    let candidates = 0
    for (let index = 0; index < epochs * validators; index += 1) {
      if (ticketCounts(kappaQ32(u32be(index), weight), theta)) candidates += 1
    }
    const mean = candidates / epochs
    // P(κ < θ) = 1 - e^(-θ·w₀): slightly below θ·w₀. The deviation of the mean is below two.
    expect(mean).toBeGreaterThan(57)
    expect(mean).toBeLessThan(70)
  })

  it('an identity of no weight is never called, a heavy one more often', () => {
    expect(ticketCounts(kappaQ32(u32be(1), 0n), undefined)).toBe(false)
    const light = kappaQ32(u32be(5), one / 10n)
    expect(kappaQ32(u32be(5), one) < light).toBe(true)
  })

  it('κ of the least weight stays within 64 bits, and nobody is called with the highest', () => {
    const most = (1n << 64n) - 1n
    const kappas = Array.from({ length: 64 }, (_none, index) => kappaQ32(u32be(index), 1n))
    expect(kappas.every((kappa) => kappa <= most)).toBe(true)
    const called = kappas.map((kappa) => ticketCounts(kappa, undefined))
    expect(called).toEqual(kappas.map((kappa) => kappa < most))
    // −ln(u) reaches 1 for a share of 1/e: 24 of 64.
    const beyond = called.filter((isCalled) => !isCalled).length
    expect(beyond).toBeGreaterThan(12)
    expect(beyond).toBeLessThan(36)
  })
})

describe('COM-1 θ', () => {
  const weightSum = (): bigint => 100n * one

  it('there is no cut-off up to 64 active validators', () => {
    const options = { candidates: 500, weightSum }
    expect(nextTheta({ ...options, previous: undefined, active: 64 })).toBeUndefined()
    expect(nextTheta({ ...options, previous: one, active: 64 })).toBeUndefined()
    expect(nextTheta({ ...options, previous: undefined, active: 65 })).toBe((one * 64n) / 100n)
  })

  it.each([
    [64, 10_000],
    [128, 8_408],
    [500, 8_408],
    [32, 11_892],
    [0, 11_892],
    [90, 9_182],
  ])('%i candidates move it to %i bp', (candidates, share) => {
    const theta = nextTheta({ previous: 1n << 40n, active: 100, candidates, weightSum })
    expect(Number(((theta ?? 0n) * 10_000n) >> 40n)).toBeCloseTo(share, -0.5)
  })

  it('there is none while nobody has a weight', () => {
    const none = { previous: undefined, active: 100, candidates: 0, weightSum: () => 0n }
    expect(nextTheta(none)).toBeUndefined()
  })

  it('it neither falls to nothing, where no ticket counts, nor grows out of 64 bits', () => {
    const least = nextTheta({ previous: 1n, active: 100, candidates: 128, weightSum })
    expect(least).toBe(1n)
    const most = (1n << 64n) - 1n
    expect(nextTheta({ previous: most, active: 100, candidates: 0, weightSum })).toBe(most)
  })

  it('its root is the floor of the true root', () => {
    for (const value of [0n, 1n]) expect(floorSqrt(value)).toBe(value)
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 1n << 280n }), (value) => {
        const root = floorSqrt(value)
        expect(root * root <= value && (root + 1n) * (root + 1n) > value).toBe(true)
      }),
    )
  })
})
