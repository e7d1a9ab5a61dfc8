import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { unwrap } from '../../../test/support/unwrap.ts'
import { hex } from '../base/bytes.ts'
import { aggregateVotes, verifyAggregate } from './aggregate.ts'
import { mergeAggregates } from './mergeAggregates.ts'
import { setOf, testContent, testEnv, testVoter, testVotes, upTo } from './testVoters.fixture.ts'
import { castVote, voteIsSigned } from './vote.ts'
import { bitmapOf } from '../base/bitmap.ts'

const refused = (code: string) => ({ ok: false, error: { code } })
const set = setOf(upTo(12).map((id) => testVoter(id, BigInt(1_200 - 100 * id))))
const env = testEnv(set)
const content = testContent(1, set)
const votes = testVotes(env, content, upTo(12))
const of = (...indices: readonly number[]) =>
  unwrap(aggregateVotes(env, testVotes(env, content, indices)))

describe('CKPT-1 SIG-2: a vote', () => {
  it('counts for its voter, content, set and chain alone', () => {
    const vote = votes[3]!
    expect(voteIsSigned(env, vote)).toBe(true)
    expect(voteIsSigned(env, { ...vote, voter: 4 })).toBe(false)
    expect(voteIsSigned(env, { ...vote, voter: 12 })).toBe(false)
    expect(voteIsSigned({ ...env, chainId: 'another' }, vote)).toBe(false)
    const smaller = setOf(set.voters.slice(0, 11))
    expect(voteIsSigned({ ...env, set: smaller }, vote)).toBe(false)
    expect(voteIsSigned(env, { voter: vote.voter, signature: vote.signature })).toBe(false)
    for (const name of ['header', 'stateRoot', 'nextVotersRoot', 'beacon'] as const) {
      for (const other of [content[name].with(5, 77), content[name].subarray(1)]) {
        expect(voteIsSigned(env, { ...vote, content: { ...content, [name]: other } })).toBe(false)
      }
    }
    for (const name of ['number', 'epoch', 'height', 'timeMs'] as const) {
      const changed = { ...content, [name]: content[name] + 1 }
      expect(voteIsSigned(env, { ...vote, content: changed })).toBe(false)
    }
  })

  it('is not cast with what is not whole', () => {
    const own = { voter: 0, sign: () => new Uint8Array(96) }
    expect(() => castVote(env, { ...content, beacon: new Uint8Array(0) }, own)).toThrow('whole')
    expect(() => castVote(env, content, { ...own, voter: 12 })).toThrow('of the set')
  })
})

describe('CKPT-1 SIG-1: an aggregate', () => {
  it('names its voters, in whatever order their votes came', () => {
    const indices = fc.uniqueArray(fc.nat(11), { minLength: 1 })
    fc.assert(
      fc.property(indices, (picked) => {
        const list = picked.map((index) => votes[index]!)
        const aggregate = unwrap(aggregateVotes(env, list))
        expect(verifyAggregate(env, aggregate)).toEqual({
          ok: true,
          value: picked.toSorted((a, b) => a - b),
        })
        const reversed = unwrap(aggregateVotes(env, list.toReversed()))
        expect(hex(reversed.signature)).toBe(hex(aggregate.signature))
      }),
      { numRuns: 20 },
    )
  })

  it('is not made of what does not fit', () => {
    const other = testVotes(env, testContent(2, set), [5])
    expect(aggregateVotes(env, [])).toEqual(refused('AGGREGATE_EMPTY'))
    expect(aggregateVotes(env, [votes[0]!, other[0]!])).toEqual(refused('AGGREGATE_CONTENT'))
    expect(aggregateVotes(env, [votes[2]!, votes[2]!])).toMatchObject(refused('AGGREGATE_TWICE'))
    const stranger = { ...votes[1]!, voter: 12 }
    expect(aggregateVotes(env, [stranger])).toEqual(refused('AGGREGATE_BITMAP'))
    const spoilt = { ...votes[1]!, signature: new Uint8Array(96) }
    expect(aggregateVotes(env, [votes[0]!, spoilt])).toEqual(refused('AGGREGATE_SIGNATURE'))
  })

  it('is refused with a bitmap that is longer, above the set, empty or of others', () => {
    const aggregate = of(1, 2, 5)
    const spoil = (voters: Uint8Array) => verifyAggregate(env, { ...aggregate, voters })
    expect(spoil(Uint8Array.of(...aggregate.voters, 0))).toEqual(refused('AGGREGATE_BITMAP'))
    expect(spoil(aggregate.voters.subarray(0, 1))).toEqual(refused('AGGREGATE_BITMAP'))
    expect(spoil(Uint8Array.of(0b100110, 0b10000))).toEqual(refused('AGGREGATE_BITMAP'))
    expect(spoil(new Uint8Array(2))).toEqual(refused('AGGREGATE_BITMAP'))
    for (const indices of [
      [1, 2],
      [1, 2, 6],
      [1, 2, 5, 6],
    ]) {
      expect(spoil(bitmapOf(12, indices))).toEqual(refused('AGGREGATE_SIGNATURE'))
    }
    const foreign = verifyAggregate({ ...env, chainId: 'another' }, aggregate)
    expect(foreign).toEqual(refused('AGGREGATE_SIGNATURE'))
    const signature = aggregate.signature.with(20, 1)
    expect(verifyAggregate(env, { ...aggregate, signature })).toEqual(
      refused('AGGREGATE_SIGNATURE'),
    )
  })

  it('of a subnet has nobody else in it', () => {
    expect(verifyAggregate(env, of(1, 2, 5), new Set([1, 2, 5, 7]))).toMatchObject({ ok: true })
    expect(verifyAggregate(env, of(1, 2, 5), new Set([1, 2, 7]))).toEqual({
      ok: false,
      error: { code: 'AGGREGATE_SUBNET', voter: 5 },
    })
  })
})

describe('CKPT-1: aggregates become one', () => {
  const parts = [of(0, 3), of(3, 4, 5), of(1), of(6, 7, 8, 9, 10, 11), of(1), of(2, 11), of(0)]

  it('the same in whatever order they came, and it verifies', () => {
    const order = fc.array(fc.nat(), { minLength: parts.length, maxLength: parts.length })
    const expected = unwrap(mergeAggregates(env, parts))
    fc.assert(
      fc.property(order, (keys) => {
        const mixed = parts
          .map((part, at) => ({ part, key: keys[at] ?? 0 }))
          .toSorted((a, b) => a.key - b.key)
          .map(({ part }) => part)
        const merged = unwrap(mergeAggregates(env, mixed))
        expect(merged).toEqual(expected)
      }),
      { numRuns: 30 },
    )
    const voters = unwrap(verifyAggregate(env, expected.aggregate))
    // {3 4 5} weighs 2400, {0 3} 2100: they overlap, and so do {2 11} with {6 … 11}.
    expect(voters).toEqual([0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11])
    expect(expected.stakeMicro).toBe(6_800n)
    expect(expected.leftOut).toHaveLength(3)
  })

  it('one voter counts once, whatever is brought', () => {
    const subsets = fc.array(fc.uniqueArray(fc.nat(11), { minLength: 1 }), {
      minLength: 1,
      maxLength: 8,
    })
    fc.assert(
      fc.property(subsets, (list) => {
        const merged = unwrap(
          mergeAggregates(
            env,
            list.map((indices) => of(...indices)),
          ),
        )
        const voters = unwrap(verifyAggregate(env, merged.aggregate))
        expect(new Set(voters).size).toBe(voters.length)
        const stake = voters.reduce((sum, index) => sum + set.voters[index]!.stakeMicro, 0n)
        expect(merged.stakeMicro).toBe(stake)
        for (const { voters: bitmap } of merged.leftOut) {
          expect(bitmap.some((byte, at) => (byte & merged.aggregate.voters[at]!) !== 0)).toBe(true)
        }
      }),
      { numRuns: 25 },
    )
  })

  it('not of two contents, odd bitmaps or no points', () => {
    const other = unwrap(aggregateVotes(env, testVotes(env, testContent(2, set), [7])))
    expect(mergeAggregates(env, [])).toEqual(refused('AGGREGATE_EMPTY'))
    expect(mergeAggregates(env, [of(1), other])).toEqual(refused('AGGREGATE_CONTENT'))
    const long = { ...of(1), voters: new Uint8Array(3).fill(1) }
    expect(mergeAggregates(env, [of(2), long])).toEqual(refused('AGGREGATE_BITMAP'))
    const none = { ...of(1), signature: new Uint8Array(96) }
    expect(mergeAggregates(env, [of(2), none])).toEqual(refused('AGGREGATE_SIGNATURE'))
  })
})
