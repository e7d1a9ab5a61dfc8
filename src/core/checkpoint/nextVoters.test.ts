import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { unwrap } from '../../../test/support/unwrap.ts'
import { nextVoters, votersAfterMisses, type DutyRecord } from './nextVoters.ts'
import { hollowVoter, setOf, upTo } from './testVoters.fixture.ts'

const record = (id: number, stakeMicro: bigint, leaseEpoch: number): DutyRecord => ({
  voter: hollowVoter(id, stakeMicro),
  leaseEpoch,
})
const idsOf = (set: ReturnType<typeof setOf>): readonly number[] =>
  set.voters.map(({ account }) => (account[30] ?? 0) * 256 + (account[31] ?? 0))
const twenty = setOf(upTo(20).map((id) => hollowVoter(id, 1_000n)))

describe('CKPT-1: who votes next', () => {
  it('begins with all that have a lease beyond the boundary, and stake', () => {
    const records = [
      record(1, 500n, 20),
      record(2, 900n, 19),
      record(3, 0n, 20),
      record(4, 600n, 39),
    ]
    expect(idsOf(unwrap(nextVoters(undefined, records, 19)))).toEqual([4, 1])
    expect(nextVoters(undefined, [], 19)).toMatchObject({ error: { code: 'VOTERS_COUNT' } })
  })

  it('keeps who lapsed and may not leave yet, with the stake that is left of it', () => {
    const records = upTo(20).map((id) => record(id, id === 17 ? 400n : 2_000n, id < 15 ? 60 : 39))
    const next = unwrap(nextVoters(twenty, records, 39))
    // 18 and 19 are a tenth; 15 and 16 gain nothing while they sleep, 17 has lost some.
    expect(idsOf(next)).toEqual([...upTo(15), 15, 16, 17])
    expect(next.voters.slice(15).map(({ stakeMicro }) => stakeMicro)).toEqual([
      1_000n,
      1_000n,
      400n,
    ])
  })

  it('lets in who is new, and out who has no stake', () => {
    const records = [...upTo(19).map((id) => record(id, 1_000n, 60)), record(77, 5_000n, 60)]
    expect(idsOf(unwrap(nextVoters(twenty, records, 39)))).toEqual([77, ...upTo(19)])
  })

  it('takes the 10,000 with most stake', () => {
    const records = upTo(10_050).map((id) => record(id, BigInt(1 + id), 60))
    const next = unwrap(nextVoters(undefined, records, 39))
    expect(next.voters).toHaveLength(10_000)
    expect(next.voters.at(-1)?.stakeMicro).toBe(51n)
  })

  it('while a number does not form nobody joins, and only the bound leaves', () => {
    const leases = fc.array(fc.boolean(), { minLength: 20, maxLength: 20 })
    fc.assert(
      fc.property(leases, fc.nat(6), (live, misses) => {
        const records = [
          ...upTo(20).map((id) => record(id, 9_000n, live[id] === true ? 60 : 39)),
          record(99, 90_000n, 60),
        ]
        const { set, left } = votersAfterMisses(twenty, records, { epoch: 39, misses })
        const lapsed = upTo(20).filter((id) => live[id] !== true)
        // 20 of 1000: two a number, 18 · 0.1 = 1.8 is one, and so on.
        const bound = [0, 2, 3, 4, 5, 6, 7][misses] ?? 0
        expect(left).toHaveLength(Math.min(lapsed.length, bound))
        expect(left.every((id) => lapsed.includes(id))).toBe(true)
        expect(idsOf(unwrap(set))).toEqual(upTo(20).filter((id) => !left.includes(id)))
        expect(unwrap(set).stakeMicro).toBe(BigInt(1_000 * (20 - left.length)))
      }),
    )
  })

  it('no set is left when everybody is gone', () => {
    const { set } = votersAfterMisses(twenty, [], { epoch: 39, misses: 50 })
    expect(set).toMatchObject({ ok: false, error: { code: 'VOTERS_COUNT' } })
  })
})
