import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { paramDefinitions, protocol } from '../params.ts'
import { reputationAfter, reputationAt, reputationReaches } from './reputation.ts'

const { reputationMin: least, reputationMax: most, reputationStart: half } = protocol
const { reputationDecayEpochs: step } = protocol
const reputations = fc.integer({ min: least, max: most })
const performances = fc.integer({ min: 0, max: 10_000 })
const marks = fc.nat({ max: 1_000_000 })
const floors = fc.integer({
  min: Number(paramDefinitions.jailReputationMin.min),
  max: Number(paramDefinitions.jailReputationMin.max),
})

describe('REP-1 reputation after a service', () => {
  it.each([
    [5_000, 10_000, 5_500],
    [5_000, 0, 4_500],
    [1_000, 0, 1_000],
    [1_105, 0, 1_000],
    [9_999, 10_000, 9_999],
    [10_000, 10_000, 10_000],
    [7_777, 3_333, 7_332],
  ])('of %i with a performance of %i is %i', (before, performance, after) => {
    expect(reputationAfter(before, performance)).toBe(after)
  })

  it('stays within its bounds, moves towards the performance and never past it', () => {
    fc.assert(
      fc.property(reputations, performances, (before, performance) => {
        const after = reputationAfter(before, performance)
        expect(after).toBeGreaterThanOrEqual(least)
        expect(after).toBeLessThanOrEqual(most)
        expect(after).toBeGreaterThanOrEqual(Math.min(before, performance))
        expect(after).toBeLessThanOrEqual(Math.max(before, performance))
        expect(Math.abs(after - before)).toBeLessThanOrEqual(1_000)
      }),
    )
  })
})

describe('REP-1 decay without service', () => {
  it.each([
    [9_000, 0, 9_000],
    [9_000, step - 1, 9_000],
    [9_000, step, 8_999],
    [9_000, 4_000 * step, 5_000],
    [9_000, 9_999 * step, 5_000],
    [1_000, step, 1_001],
    [1_000, 4_000 * step, 5_000],
    [1_000, 9_999 * step, 5_000],
    [5_000, 77, 5_000],
  ])('of %i after %i epochs is %i', (reputation, idleEpochs, after) => {
    const measured = { reputation, reputationMark: 12 }
    expect(reputationAt(measured, 11 + idleEpochs)).toBe(after)
  })

  it('worked out once is what each epoch on its own would have made of it', () => {
    fc.assert(
      fc.property(reputations, fc.nat({ max: 400 }), (reputation, idleEpochs) => {
        let stepwise = reputation
        for (let epoch = 1; epoch <= idleEpochs; epoch += 1) {
          if (epoch % step === 0) stepwise += Math.sign(half - stepwise)
        }
        expect(reputationAt({ reputation, reputationMark: 1 }, idleEpochs)).toBe(stepwise)
      }),
    )
  })

  it('never leads past one half, nor away from it', () => {
    fc.assert(
      fc.property(reputations, marks, fc.nat({ max: 50_000 }), (reputation, mark, idleEpochs) => {
        const at = (epoch: number): number =>
          Math.abs(reputationAt({ reputation, reputationMark: mark }, epoch) - half)
        const now = at(mark - 1 + idleEpochs)
        expect(now).toBeLessThanOrEqual(Math.abs(reputation - half))
        expect(at(mark + idleEpochs)).toBeLessThanOrEqual(now)
      }),
    )
  })
})

describe('EVID-3 the way out of jail', () => {
  it('decay alone reaches the floor, in the very epoch that is said, and soon', () => {
    fc.assert(
      fc.property(reputations, marks, floors, (reputation, reputationMark, floor) => {
        const measured = { reputation, reputationMark }
        const epoch = reputationReaches(measured, floor)
        expect(reputationAt(measured, epoch)).toBeGreaterThanOrEqual(floor)
        if (reputation < floor) expect(reputationAt(measured, epoch - 1)).toBeLessThan(floor)
        expect(epoch - reputationMark).toBeLessThan((half - least) * step)
      }),
    )
  })
})
