import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaultParams } from '../params.ts'
import { anchorCheckpoint, anchorIsTooOld } from './held.ts'
import { checkpointEpochOf, checkpointNumberOf, postQuantumIsDue } from './schedule.ts'
import { setOf, testContent, testVoter } from './testVoters.fixture.ts'

describe('CKPT-1: which boundaries are checkpointed', () => {
  it('the last of every twenty', () => {
    const params = defaultParams
    const numbers = [0, 18, 19, 20, 38, 39, 40].map((epoch) => checkpointNumberOf(epoch, params))
    expect(numbers).toEqual([undefined, undefined, 1, undefined, undefined, 2, undefined])
  })

  it('number and epoch name each other', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_880 }), fc.nat(1_000_000), (checkpointEpochs, at) => {
        const params = { checkpointEpochs }
        expect(checkpointNumberOf(checkpointEpochOf(at + 1, params), params)).toBe(at + 1)
        const number = checkpointNumberOf(at, params)
        if (number !== undefined) expect(checkpointEpochOf(number, params)).toBe(at)
      }),
    )
  })

  it.each([
    [0, 999, false],
    [0, 1_000, true],
    [999, 1_000, true],
    [1_000, 1_999, false],
    [1_000, 2_000, true],
    [1_500, 5_000, true],
  ])('ML-DSA-87 at %d, asked at %d: due %s', (signed, height, due) => {
    expect(postQuantumIsDue(signed, height, defaultParams)).toBe(due)
  })
})

describe('CKPT-1: weak subjectivity', () => {
  const unbondingMs = 14 * 86_400_000
  const week = 7 * 86_400_000

  it('an anchor of seven days is good, an older one is not', () => {
    expect(anchorIsTooOld(5_000, { nowMs: 5_000 + week, unbondingMs })).toBe(false)
    expect(anchorIsTooOld(5_000, { nowMs: 5_001 + week, unbondingMs })).toBe(true)
    expect(anchorIsTooOld(5_000, { nowMs: 0, unbondingMs })).toBe(false)
    expect(anchorIsTooOld(0, { nowMs: 2, unbondingMs: 5 })).toBe(false)
    expect(anchorIsTooOld(0, { nowMs: 3, unbondingMs: 5 })).toBe(true)
  })

  it('an anchor is whole', () => {
    const content = testContent(1, setOf([testVoter(1, 128n)]))
    expect(anchorCheckpoint('c', content).postQuantum).toBe(content)
    expect(() => anchorCheckpoint('c', { ...content, header: new Uint8Array(0) })).toThrow('whole')
  })
})
