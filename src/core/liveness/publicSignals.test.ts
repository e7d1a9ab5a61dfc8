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
import { answersChallenge, isShareClaim, shareClaimMax, shareClaimOf } from './shareClaims.ts'

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
    for (const first of claims) {
      expect(answersChallenge([first])).toBe(verdictOf(first))
      for (const second of claims) {
        expect(answersChallenge([first, second])).toBe(verdictOf(first, second))
      }
    }
  })

  test('no windows, three windows and claims that are none answer nothing', () => {
    expect(answersChallenge([])).toBe(false)
    expect(answersChallenge([2500, 2500, 2500])).toBe(false)
    expect(answersChallenge([5001])).toBe(false)
  })
})
