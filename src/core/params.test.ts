import { describe, expect, it } from 'vitest'
import { checkParameters, defaultParams, paramDefinitions, paramNames, phasesOf } from './params.ts'

describe('GOV-1 chain parameters', () => {
  it('the defaults are within their bounds and fit each other', () => {
    expect(checkParameters(defaultParams).ok).toBe(true)
  })

  it.each(paramNames)('%s is refused outside its bounds', (name) => {
    const { min, max } = paramDefinitions[name]
    for (const value of [min - 1n, max + 1n]) {
      const typed = typeof defaultParams[name] === 'bigint' ? value : Number(value)
      const checked = checkParameters({ ...defaultParams, [name]: typed })
      expect(checked).toMatchObject({ ok: false, error: { code: 'PARAMETER_BOUNDS', name } })
    }
  })

  it.each([
    [{ epochMs: 30_001 }, 'epochMs is a multiple of 30'],
    [
      { blockIntervalMs: 4_000 },
      'an epoch has room for eight blocks: 8 · blockIntervalMs ≤ epochMs',
    ],
    [{ deltaMs: 1_300 }, 'deltaMs ≤ deltaCapMs'],
    [{ scoreMin: 9_000 }, 'scoreMin ≤ scoreCap'],
    [{ scoreMin: 7_800 }, 'scoreMin is a multiple of 500'],
    [{ stakeCapMicro: 1n }, 'bondMinMicro ≤ stakeCapMicro'],
    [
      { transactionBytesMax: 65_536, blockBytesMax: 65_536 },
      'a block holds two of the largest transactions',
    ],
  ])('%o contradicts another parameter', (change, relation) => {
    const checked = checkParameters({ ...defaultParams, ...change })
    expect(checked).toEqual({ ok: false, error: { code: 'PARAMETER_RELATION', relation } })
  })
})

describe('EPOCH-1 phases', () => {
  it('are 8, 10, 20, 28 and 2 s of an epoch of 30 s, and scale with it', () => {
    const phases = phasesOf(defaultParams)
    expect(phases).toEqual({
      readyUntilMs: 8_000,
      freezeMs: 10_000,
      selectionMs: 20_000,
      boundaryMs: 28_000,
      gapMs: 2_000,
    })
    expect(phasesOf({ epochMs: 3_000 }).boundaryMs).toBe(2_800)
  })
})
