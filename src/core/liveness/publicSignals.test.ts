import { describe, expect, test } from 'vitest'
import { foldToField } from '../emotion/field.ts'
import { codebook60 } from './codebook.ts'
import { drawCodeword } from './drawCodeword.ts'
import { judge } from './evidence.ts'
import {
  livenessSignalNames,
  livenessSignals,
  livenessSignalValues,
  type LivenessPublicInputs,
} from './publicSignals.ts'
import { shortChallenge } from './rules.ts'
import {
  answerAmong,
  answersChallenge,
  isShareClaim,
  shareClaimMax,
  shareClaimOf,
} from './shareClaims.ts'

const bytes = (value: number): Uint8Array => new Uint8Array(32).fill(value)
const inputs: LivenessPublicInputs = {
  chainId: bytes(1),
  epoch: 41,
  beacon: bytes(2),
  identity: bytes(3),
  nkHash: 4n,
  window: 0,
  shareMinBp: 2500,
}

describe('ZK-1 public signals of liveness_proof', () => {
  test('stand in the order of their names', () => {
    const values = livenessSignalValues(inputs)
    expect(livenessSignals(inputs)).toEqual(livenessSignalNames.map((name) => values[name]))
    expect(values).toMatchObject({ epoch: 41n, nkHash: 4n, shareMin: 2500n })
    expect(values.chainId).toBe(foldToField('chainId', bytes(1)))
  })

  test('LIVE-2 the codeword is the one drawn for beacon, chain, key and window', () => {
    const { beacon, chainId, identity } = inputs
    for (const window of [0, 1]) {
      const drawn = drawCodeword({ beacon, chainId, validatorKey: identity, window }, codebook60)
      expect(livenessSignalValues({ ...inputs, window }).codeword).toBe(BigInt(drawn))
    }
  })

  test('LIVE-2 tell two windows apart by their codewords, and by nothing else', () => {
    const signalsOf = (key: number) =>
      [0, 1].map((window) => livenessSignals({ ...inputs, identity: bytes(key), window }).join())
    const keys = Array.from({ length: 256 }, (_, key) => key)
    const same = keys.filter((key) => new Set(signalsOf(key)).size === 1)
    // One pair in 16 is asked the same codeword twice: four deviations either way.
    expect(same.length).toBeGreaterThan(0)
    expect(same.length).toBeLessThan(32)
  })

  test.each([
    ['an epoch beyond 32 bits', { epoch: 2 ** 32 }],
    ['a hash that is no field element', { nkHash: -1n }],
    ['a claim between steps', { shareMinBp: 2600 }],
    ['a window that no challenge has', { window: 3 }],
  ])('refuse %s', (_, change) => {
    expect(() => livenessSignals({ ...inputs, ...change })).toThrow()
  })
})

describe('PRIV-5 claims of a share', () => {
  test('are steps, up to what one window needs', () => {
    expect([0, 500, 4500, shareClaimMax].every(isShareClaim)).toBe(true)
    expect([-500, 1, 499, shareClaimMax + 500, NaN, Infinity].some(isShareClaim)).toBe(false)
    expect([0, 499, 500, 2999, 10_000].map(shareClaimOf)).toEqual([0, 0, 500, 2500, shareClaimMax])
  })

  test('LIVE-1 answer a challenge only if the detector says so', () => {
    const claims = Array.from({ length: shareClaimMax / 500 + 1 }, (_, step) => 500 * step)
    const window = (shareBp: number) => ({
      asked: 3,
      sharesBp: Array.from({ length: 16 }, (_, index) => (index === 3 ? shareBp : shareBp - 1)),
    })
    const verdictOf = (...shares: readonly number[]) =>
      judge(shares.map(window), shortChallenge.rule).verdict === 'answered'
    const claimed = (...shares: readonly number[]) =>
      shares.map((shareBp, index) => ({ window: index, shareBp }))
    for (const first of claims) {
      expect(answersChallenge(claimed(first))).toBe(verdictOf(first))
      for (const second of claims) {
        expect(answersChallenge(claimed(first, second))).toBe(verdictOf(first, second))
      }
    }
  })

  test('LIVE-1 the third window answers with one of the others, at the higher floor', () => {
    const pair = (first: number, second: number, [a, b]: readonly [number, number]) =>
      answersChallenge([
        { window: first, shareBp: a },
        { window: second, shareBp: b },
      ])
    expect(pair(0, 1, [2500, 2500])).toBe(true)
    for (const first of [0, 1]) {
      expect(pair(first, 2, [3000, 3000])).toBe(true)
      expect(pair(first, 2, [4500, 1500])).toBe(true)
      expect(pair(first, 2, [3000, 2500])).toBe(false)
    }
    const weak = { window: 0, shareBp: 1000 }
    const late = [
      { window: 1, shareBp: 2500 },
      { window: 2, shareBp: 3500 },
    ]
    expect(answerAmong([weak, ...late])).toEqual(late)
    expect(answerAmong([{ ...weak, shareBp: 5000 }, ...late])).toHaveLength(1)
    expect(answerAmong([weak, ...late.slice(1)])).toBeUndefined()
  })

  test('windows twice, out of order, beyond the third, and claims that are none do not', () => {
    const full = shareClaimMax
    const others = [[], [1], [2], [0, 0], [1, 0], [2, 1], [0, 3], [0, 1, 2], [-1, 0], [NaN]]
    for (const windows of others) {
      expect(answersChallenge(windows.map((window) => ({ window, shareBp: full })))).toBe(false)
    }
    expect(answersChallenge([{ window: 0, shareBp: full + 1 }])).toBe(false)
  })
})
