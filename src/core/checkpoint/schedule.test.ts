import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anchorCheckpoint, anchorIsTooOld } from './held.ts'
import {
  checkCheckpointParams,
  checkpointDefinitions,
  defaultCheckpointParams,
} from './parameters.ts'
import { checkpointEpochOf, checkpointNumberOf, postQuantumIsDue } from './schedule.ts'
import { setOf, testContent, testVoter } from './testVoters.fixture.ts'

describe('CKPT-1: which boundaries are checkpointed', () => {
  it('the last of every twenty', () => {
    const params = defaultCheckpointParams
    const numbers = [0, 18, 19, 20, 38, 39, 40].map((epoch) => checkpointNumberOf(epoch, params))
    expect(numbers).toEqual([undefined, undefined, 1, undefined, undefined, 2, undefined])
  })

  it('number and epoch name each other', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_880 }), fc.nat(1_000_000), (intervalEpochs, at) => {
        const params = { intervalEpochs }
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
    expect(postQuantumIsDue(signed, height, defaultCheckpointParams)).toBe(due)
  })
})

describe('CKPT-1: parameters', () => {
  it('fit their bounds', () => {
    expect(checkCheckpointParams(defaultCheckpointParams).ok).toBe(true)
  })

  it.each(['intervalEpochs', 'postQuantumBlocks'] as const)('%s outside is refused', (name) => {
    const { min, max } = checkpointDefinitions[name]
    for (const value of [Number(min) - 1, Number(max) + 1, 20.5, Number.NaN]) {
      expect(checkCheckpointParams({ ...defaultCheckpointParams, [name]: value })).toEqual({
        ok: false,
        error: { code: 'CHECKPOINT_PARAMETER_BOUNDS', name },
      })
    }
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
