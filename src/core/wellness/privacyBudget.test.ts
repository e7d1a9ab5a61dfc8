import { describe, expect, it } from 'vitest'
import { unwrap } from '../../../test/support/unwrap.ts'
import { spendPrivacy, type PrivacyBudget } from './privacyBudget.ts'
import {
  dailyBudget,
  honestMin,
  noiseVariance,
  peopleMin,
  shareRhoMicro,
  stepsMax,
} from './rules.ts'

describe('PRIV-2: what a device gives away', () => {
  it('is a share as the noise makes it: ρ = Δ²/(2·h·σ²)', () => {
    const rho = stepsMax ** 2 / (2 * honestMin * noiseVariance)
    expect(shareRhoMicro / 1e6).toBeGreaterThanOrEqual(rho)
    expect(shareRhoMicro / 1e6).toBeLessThan(rho + 1e-6)
    expect(honestMin).toBe(Math.ceil((2 * peopleMin) / 3))
    // ε for a chance of δ: ρ + 2·√(ρ·ln(1/δ)) (Bun, Steinke, TCC 2016, proposition 1.3).
    const daily = dailyBudget.rhoMicroMax / 1e6
    expect(daily + 2 * Math.sqrt(daily * Math.log(1e6))).toBeCloseTo(1.07, 2)
  })

  it('is at most its limit in every window of a day', () => {
    let budget: PrivacyBudget = []
    const given: number[] = []
    for (let epoch = 0; epoch < 3 * dailyBudget.windowEpochs; epoch += 97) {
      const spent = spendPrivacy(budget, epoch)
      if (!spent.ok) continue
      budget = spent.value
      given.push(epoch)
    }
    expect(given.length).toBe(12)
    for (const from of given) {
      const inDay = given.filter((at) => at >= from && at < from + dailyBudget.windowEpochs)
      expect(inDay.length * shareRhoMicro).toBeLessThanOrEqual(dailyBudget.rhoMicroMax)
    }
  })

  it('says when there is room again', () => {
    let budget: PrivacyBudget = []
    for (const epoch of [10, 20, 30, 40]) budget = unwrap(spendPrivacy(budget, epoch))
    expect(spendPrivacy(budget, 41)).toEqual({
      ok: false,
      error: { code: 'PRIVACY_BUDGET_SPENT', nextEpoch: 2890 },
    })
    expect(spendPrivacy(budget, 2889).ok).toBe(false)
    expect(unwrap(spendPrivacy(budget, 2890)).map(({ epoch }) => epoch)).toEqual([20, 30, 40, 2890])
  })

  it('never is what a smaller limit does not hold', () => {
    const none = { rhoMicroMax: shareRhoMicro - 1, windowEpochs: 10 }
    expect(spendPrivacy([], 5, none)).toMatchObject({ error: { code: 'PRIVACY_BUDGET_SPENT' } })
    const one = { rhoMicroMax: shareRhoMicro, windowEpochs: 10 }
    expect(spendPrivacy([], 5, one).ok).toBe(true)
  })
})
