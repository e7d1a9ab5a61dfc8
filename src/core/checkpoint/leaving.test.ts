import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { leaversOf } from './leaving.ts'
import { hollowVoter, setOf, upTo } from './testVoters.fixture.ts'
import { stakeAt, type VoterSet } from './voterSet.ts'

const sets = fc
  .array(fc.bigInt({ min: 100n, max: 10_000n }), { minLength: 2, maxLength: 60 })
  .map((stakes) => setOf(stakes.map((stake, id) => hollowVoter(id, stake))))
const cases = fc.record({
  set: sets,
  mask: fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }),
  passed: fc.nat(12),
})
const lapsedOf = (set: VoterSet, mask: readonly boolean[]): readonly number[] =>
  upTo(set.voters.length).filter((index) => mask[index] === true)

/** The rule said another way: whether these could leave in so many numbers, one after the other. */
function mayLeave(set: VoterSet, leavers: readonly number[], passed: number): boolean {
  if (leavers.length === 0) return true
  if (passed === 0) return false
  const rest = set.voters.reduce((sum, voter) => sum + voter.stakeMicro, 0n)
  return upTo(leavers.length).some((last) => {
    const now = leavers.slice(0, last + 1)
    if (now.length > 1 && 10n * stakeAt(set, now) > rest) return false
    const gone = new Set(now)
    const voters = set.voters.map((voter, index) =>
      gone.has(index) ? { ...voter, stakeMicro: 0n } : voter,
    )
    return mayLeave({ ...set, voters }, leavers.slice(last + 1), passed - 1)
  })
}

describe('CKPT-1: how a set shrinks', () => {
  it('by a tenth of the stake or one voter a number, never by more', () => {
    fc.assert(
      fc.property(cases, ({ set, mask, passed }) => {
        const lapsed = lapsedOf(set, mask)
        const left = leaversOf(set, lapsed, passed)
        expect(left.every((index) => lapsed.includes(index))).toBe(true)
        expect(mayLeave(set, left, Math.min(passed, 4)) || passed > 4).toBe(true)
        // One after the other gives the same as all at once.
        const before = leaversOf(set, lapsed, Math.max(0, passed - 1))
        expect(left.slice(0, before.length)).toEqual(before)
        if (passed === 0) return
        const now = left.slice(before.length)
        const rest = set.stakeMicro - stakeAt(set, before)
        expect(now.length <= 1 || 10n * stakeAt(set, now) <= rest).toBe(true)
        // And it shrinks as far as it may: somebody leaves while anybody waits.
        expect(now.length > 0 || left.length === lapsed.length).toBe(true)
      }),
    )
  })

  it('the same for who knows only those that left', () => {
    fc.assert(
      fc.property(cases, ({ set, mask, passed }) => {
        const left = leaversOf(set, lapsedOf(set, mask), passed)
        expect(leaversOf(set, left, passed)).toEqual(left)
        if (left.length > 0 && passed > 0) {
          const fewer = leaversOf(set, left, passed - 1)
          expect(fewer.length).toBeLessThanOrEqual(left.length)
        }
      }),
    )
  })

  it('from the end of the list on, and a large voter alone', () => {
    const set = setOf([500n, 200n, 200n, 60n, 40n].map((stake, id) => hollowVoter(id, stake)))
    expect(leaversOf(set, [0, 2, 3, 4], 0)).toEqual([])
    expect(leaversOf(set, [0, 2, 3, 4], 1)).toEqual([4, 3])
    expect(leaversOf(set, [0, 2, 3, 4], 2)).toEqual([4, 3, 2])
    expect(leaversOf(set, [0, 2, 3, 4, 4, 3], 3)).toEqual([4, 3, 2, 0])
  })

  it('of equal voters a tenth, rounded down', () => {
    const set = setOf(upTo(109).map((id) => hollowVoter(id, 7n)))
    expect(leaversOf(set, upTo(109), 1)).toHaveLength(10)
    expect(leaversOf(set, upTo(109), 2)).toHaveLength(19)
    expect(leaversOf(set, upTo(109), 1_000_000)).toHaveLength(109)
  })
})
