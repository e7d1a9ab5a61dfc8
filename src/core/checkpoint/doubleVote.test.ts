import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { unwrap } from '../../../test/support/unwrap.ts'
import { blsBlst } from '../../adapters/crypto/blsBlst.ts'
import { bitmapOf } from '../base/bitmap.ts'
import { concat, hex } from '../base/bytes.ts'
import type { CheckpointContent } from '../codec/checkpoint.ts'
import { aggregateVotes } from './aggregate.ts'
import { listDoubleSigners, readDoubleSigners } from './doubleSigners.ts'
import { doubleVotersOf, isDoubleVote, type SignedContent } from './doubleVote.ts'
import { doubleVoteSlash } from './doubleVoteSlash.ts'
import {
  setOf,
  testChain,
  testContent,
  testEnv,
  testVoter,
  testVotes,
  upTo,
} from './testVoters.fixture.ts'

const set = setOf(upTo(9).map((id) => testVoter(id, 100n)))
const smaller = setOf(set.voters.slice(1))
const env = testEnv(set)
const content = testContent(5, set)
const key = set.voters[3]!.key

function signed(what: CheckpointContent, by = set, voter = 3): SignedContent {
  const [vote] = testVotes(testEnv(by), what, [voter])
  return { votersRoot: by.root, content: what, signature: vote!.signature }
}
const found = (first: SignedContent, second: SignedContent, change = {}) =>
  isDoubleVote({ chainId: testChain, key, bls: blsBlst, ...change }, first, second)

describe('CKPT-1 EVID-1: E11, two votes for one number', () => {
  it.each<[string, Partial<CheckpointContent>]>([
    ['header', { header: new Uint8Array(32) }],
    ['state root', { stateRoot: new Uint8Array(32) }],
    ['next set', { nextVotersRoot: smaller.root }],
    ['height', { height: 1 }],
  ])('that differ in the %s convict', (_name, change) => {
    const second = signed({ ...content, ...change })
    expect(found(signed(content), second)).toBe(true)
    expect(found(second, signed(content))).toBe(true)
  })

  it('as members of two sets convict as well', () => {
    expect(found(signed(content), signed(content, smaller, 2))).toBe(true)
  })

  it('do not convict: one vote, two numbers, another chain, another signer', () => {
    const second = signed({ ...content, height: 1 })
    expect(found(signed(content), signed(content))).toBe(false)
    expect(found(signed(content), signed(testContent(6, set)))).toBe(false)
    expect(found(signed(content), second, { chainId: 'another' })).toBe(false)
    expect(found(signed(content), second, { key: set.voters[4]!.key })).toBe(false)
    expect(found(signed(content), { ...second, signature: signed(content).signature })).toBe(false)
    expect(found({ ...signed(content), signature: new Uint8Array(0) }, second)).toBe(false)
    const torn = { ...content, beacon: new Uint8Array(0) }
    expect(found(signed(content), { ...second, content: torn })).toBe(false)
  })

  it('two checkpoints of one number name a third of the stake', () => {
    const picks = fc.shuffledSubarray([...upTo(9)], { minLength: 6 })
    fc.assert(
      fc.property(picks, picks, (left, right) => {
        const forged = { ...content, stateRoot: new Uint8Array(32) }
        const aggregateOf = (what: CheckpointContent, indices: readonly number[]) => ({
          env,
          aggregate: unwrap(aggregateVotes(env, testVotes(env, what, indices))),
        })
        const both = unwrap(doubleVotersOf(aggregateOf(content, left), aggregateOf(forged, right)))
        const shared = left.filter((index) => right.includes(index)).toSorted((a, b) => a - b)
        expect(both.map(hex)).toEqual(shared.map((index) => hex(set.voters[index]!.account)))
        expect(both.length).toBeGreaterThanOrEqual(3)
      }),
      { numRuns: 15 },
    )
  })

  it('name nobody for one content, two numbers or a wrong signature', () => {
    const one = { env, aggregate: unwrap(aggregateVotes(env, testVotes(env, content, upTo(6)))) }
    expect(doubleVotersOf(one, one)).toMatchObject({ error: { code: 'DOUBLE_VOTE_NONE' } })
    const later = unwrap(aggregateVotes(env, testVotes(env, testContent(6, set), upTo(6))))
    expect(doubleVotersOf(one, { env, aggregate: later })).toMatchObject({
      error: { code: 'DOUBLE_VOTE_NONE' },
    })
    const forged = { ...one.aggregate, content: { ...content, height: 1 } }
    const wrong = { env, aggregate: forged }
    expect(doubleVotersOf(one, wrong)).toMatchObject({ error: { code: 'AGGREGATE_SIGNATURE' } })
    expect(doubleVotersOf(wrong, one)).toMatchObject({ error: { code: 'AGGREGATE_SIGNATURE' } })
  })
})

describe('CKPT-1 EVID-1: who is in two aggregates', () => {
  it('is told of as many keys as a subnet may have, and of no more', () => {
    const keys = Array.from({ length: 257 }, (_, at) => {
      const one = new Uint8Array(48)
      one.set([at >> 8, at & 255])
      return one
    })
    const bitmap = (count: number) => bitmapOf(count, upTo(count))
    const most = listDoubleSigners(keys.slice(0, 256), keys.slice(0, 256))!
    expect(unwrap(readDoubleSigners(most)).both).toHaveLength(256)
    expect(listDoubleSigners(keys, keys)).toBeUndefined()
    const firstVoters = bitmap(257)
    const said = { key: keys[0]!, keys: concat(...keys), firstVoters, secondVoters: firstVoters }
    expect(readDoubleSigners(said).ok).toBe(false)
  })
})

describe('EVID-2: what E11 costs', () => {
  it.each([
    [0n, 500n],
    [47n, 500n],
    [48n, 508n],
    [95n, 1_990n],
    [200n, 8_820n],
    [212n, 9_910n],
    [213n, 10_000n],
    [334n, 10_000n],
    [1_000n, 10_000n],
  ])('of a stake of 10,000, when %d of 1,000 are convicted: %d', (convictedMicro, due) => {
    expect(doubleVoteSlash(10_000n, 500, { convictedMicro, dutyMicro: 1_000n })).toBe(due)
  })

  it('grows with the share, and never above the stake', () => {
    const amount = fc.bigInt({ min: 0n, max: 2n ** 64n })
    fc.assert(
      fc.property(amount, amount, amount, fc.integer({ min: 1, max: 10_000 }), (a, b, c, base) => {
        const [one = 0n, two = 0n, duty = 0n] = [a, b, c].toSorted((l, r) => (l < r ? -1 : 1))
        const slash = (convictedMicro: bigint) =>
          doubleVoteSlash(10n ** 15n, base, { convictedMicro, dutyMicro: duty + 1n })
        expect(slash(one) <= slash(two)).toBe(true)
        expect(slash(two) <= 10n ** 15n).toBe(true)
        expect(slash(0n)).toBe((10n ** 15n * BigInt(base)) / 10_000n)
      }),
    )
  })
})
