import { describe, expect, it } from 'vitest'
import { commitLevel } from './commitments.ts'
import {
  followedLevel,
  levelStepBpMax,
  missedEpochs,
  missedEpochsMax,
  relaxedLevelBp,
  restLevelBp,
} from './continuity.ts'
import { findLevel } from './findLevel.ts'
import { claimedBp, isClaim, scoreModeOf } from './scoreMode.ts'
import { testScenario } from './statement.fixture.ts'
import { buildStatement, statesOf } from './statement.ts'

const at = (scoreBp: number, levelBp: number, missed = 0): readonly [number, number] => {
  const followed = followedLevel(scoreBp, 200, { levelBp, epoch: 199 - missed })
  return [followed.countedBp, followed.levelBp]
}

describe('FIT-3 a score follows the one before it', () => {
  it('rises by 1000 at most, falls at once, and leaves a level that falls by 1000', () => {
    expect(at(9400, 8000)).toEqual([9000, 9000])
    expect(at(9000, 8000)).toEqual([9000, 9000])
    expect(at(8999, 8000)).toEqual([8999, 8999])
    expect(at(7000, 8000)).toEqual([7000, 7000])
    expect(at(6999, 8000)).toEqual([6999, 7000])
    expect(at(0, 8000)).toEqual([0, 7000])
  })

  it('counts no window for more than its own score, and moves no level by more than a step', () => {
    for (let seed = 0; seed < 2000; seed += 1) {
      const [score, level, missed] = [(seed * 7919) % 10_001, (seed * 104_729) % 10_001, seed % 94]
      const [counted, left] = at(score, level, missed)
      const relaxed = relaxedLevelBp(level, missed)
      expect(counted).toBeLessThanOrEqual(score)
      expect(Math.abs(left - relaxed)).toBeLessThanOrEqual(levelStepBpMax)
      expect(left).toBeGreaterThanOrEqual(counted)
      expect(left).toBeLessThanOrEqual(10_000)
      expect(left).toBeGreaterThanOrEqual(0)
    }
  })

  it('moves towards rest by 100 for each missed epoch, and no further', () => {
    expect(relaxedLevelBp(8000, 0)).toBe(8000)
    expect(relaxedLevelBp(8000, 5)).toBe(8500)
    expect(relaxedLevelBp(8000, 14)).toBe(restLevelBp)
    expect(relaxedLevelBp(8000, 60)).toBe(restLevelBp)
    expect(relaxedLevelBp(10_000, 5)).toBe(9500)
    expect(relaxedLevelBp(10_000, 6)).toBe(restLevelBp)
    expect(relaxedLevelBp(0, missedEpochsMax)).toBe(9300)
    expect(relaxedLevelBp(0, missedEpochsMax + 1)).toBe(restLevelBp)
  })

  it('says nothing when it is too old, of this epoch or of a later one', () => {
    expect(missedEpochs(40, 41)).toBe(0)
    expect(missedEpochs(40, 134)).toBe(missedEpochsMax)
    expect(missedEpochs(40, 135)).toBeUndefined()
    expect(missedEpochs(40, 40)).toBeUndefined()
    expect(missedEpochs(41, 40)).toBeUndefined()
    const without = followedLevel(8000, 200, undefined)
    expect(without.levelBp).toBe(8400)
    expect(followedLevel(8000, 200, { levelBp: 0, epoch: 105 })).toEqual(without)
    expect(followedLevel(8000, 200, { levelBp: 0, epoch: 106 }).levelBp).toBe(8300)
  })

  it('lets a newcomer at its resting baseline serve at once', () => {
    for (const scoreBp of [9400, 10_000, 7500]) {
      expect(followedLevel(scoreBp, 7, undefined).countedBp).toBe(scoreBp)
    }
  })
})

describe('FIT-3, PRIV-5 states', () => {
  const scenario = testScenario({ seed: 4 })
  const { context, secrets } = scenario
  const { chainId } = context
  const own = { chainId, nullifierKey: secrets.nullifierKey, epoch: 41, levelBp: 9000 }

  it('differ by level, epoch, key and chain', () => {
    const states = [
      own,
      { ...own, levelBp: 9001 },
      { ...own, epoch: 42 },
      { ...own, nullifierKey: own.nullifierKey + 1n },
      { ...own, chainId: new Uint8Array(32) },
    ].map(commitLevel)
    expect(new Set(states).size).toBe(states.length)
  })

  it('are opened while they say something, and left by each proof', () => {
    const before = { levelBp: 9000, epoch: 40 }
    const opened = statesOf({ ...context, before }, secrets.nullifierKey, 9000)
    expect(opened.stateBefore).toBe(commitLevel({ ...own, epoch: 40 }))
    expect(opened.missedEpochs).toBe(0)
    expect(opened.stateAfter).toBe(commitLevel(own))
    const old = { ...context, epoch: 140, before: { levelBp: 9000, epoch: 40 } }
    expect(statesOf(old, secrets.nullifierKey, 9000)).toMatchObject({
      stateBefore: 0n,
      missedEpochs: 0,
    })
  })

  it('give their level back to their owner, in 10001 tries, and to nobody else', () => {
    const levelOf = (levelBp: number, nullifierKey = own.nullifierKey): number | undefined => {
      const search = findLevel({
        ...own,
        commitment: commitLevel({ ...own, nullifierKey, levelBp }),
      })
      let [turns, turn] = [0, search.next()]
      for (; turn.done !== true; turn = search.next()) turns += 1
      expect(turns).toBeLessThanOrEqual(501)
      return turn.value
    }
    expect(levelOf(10_000)).toBe(10_000)
    expect(levelOf(9137)).toBe(9137)
    expect(levelOf(9137, own.nullifierKey + 1n)).toBeUndefined()
  }, 120_000)
})

describe('PRIV-5 what a proof claims', () => {
  it('is the threshold alone, or the floor to 500', () => {
    expect(claimedBp('threshold', 9137, 7500)).toBe(7500)
    expect(claimedBp('quantised', 9137, 7500)).toBe(9000)
    expect(claimedBp('quantised', 10_000, 7500)).toBe(10_000)
    expect([0, 1, 2].map(scoreModeOf)).toEqual(['threshold', 'quantised', undefined])
  })

  it('is refused finer, lower, or higher than there is', () => {
    expect(isClaim('threshold', 7500, 7500)).toBe(true)
    expect(isClaim('threshold', 8000, 7500)).toBe(false)
    expect(isClaim('quantised', 7500, 7500)).toBe(true)
    expect(isClaim('quantised', 8000, 7600)).toBe(true)
    expect(isClaim('quantised', 7500, 7600)).toBe(false)
    expect(isClaim('quantised', 8001, 7500)).toBe(false)
    expect(isClaim('quantised', 10_500, 7500)).toBe(false)
  })

  it('is built by default as the threshold, and as its floor when asked for', () => {
    const { context } = testScenario({ seed: 4 })
    const built = (scoreMode?: 'quantised'): unknown => {
      const scenario = testScenario({ seed: 4 })
      const statement = buildStatement({ ...scenario, ...(scoreMode ? { scoreMode } : {}) })
      if (!statement.ok) return statement.error.code
      const { publicInputs, followed } = statement.value
      return [publicInputs.scoreMode, publicInputs.thresholdBp, followed.countedBp > 9000]
    }
    expect(context.thresholdBp).toBe(7500)
    expect(built()).toEqual(['threshold', 7500, true])
    expect(built('quantised')).toEqual(['quantised', 9000, true])
  })

  it('is refused as too low where the floor lies below the threshold', () => {
    const scenario = testScenario({ seed: 4 })
    const { window, context } = scenario
    const thresholdBp = 9100
    const asked = { ...scenario, window, context: { ...context, thresholdBp } }
    expect(buildStatement(asked).ok).toBe(true)
    const quantised = buildStatement({ ...asked, scoreMode: 'quantised' })
    expect(quantised).toMatchObject({ ok: false, error: { code: 'STATEMENT_SCORE' } })
  })
})
