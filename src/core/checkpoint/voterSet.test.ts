import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { unwrap } from '../../../test/support/unwrap.ts'
import { hex } from '../base/bytes.ts'
import { CheckpointVoter, CheckpointVoters } from '../codec/checkpoint.ts'
import { merkleProve, merkleVerify } from '../crypto/merkle.ts'
import { hollowVoter, setOf, upTo } from './testVoters.fixture.ts'
import { reachesThreshold, readVoterSet, stakeAt, voterSetOf, voterTree } from './voterSet.ts'

const refused = (code: string) => ({ ok: false, error: { code } })
const four = setOf([400n, 300n, 200n, 100n].map((stake, id) => hollowVoter(id, stake)))
const encoded = CheckpointVoters.encode({ voters: [...four.voters] })

describe('CKPT-1: a set of voters', () => {
  it('has one list for whatever order it was found in', () => {
    const stakes = fc.array(fc.bigInt({ min: 1n, max: 5n }), { minLength: 128, maxLength: 140 })
    fc.assert(
      fc.property(stakes, fc.infiniteStream(fc.nat()), (list, keys) => {
        const voters = list.map((stake, id) => hollowVoter(id, stake))
        const order = new Map(voters.map((voter) => [voter, keys.next().value]))
        const mixed = voters.toSorted((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0))
        expect(hex(setOf(mixed).root)).toBe(hex(setOf(voters).root))
      }),
      { numRuns: 20 },
    )
  })

  it('commits to every field of every voter, each of whom can be proven alone', () => {
    const leaves = four.voters.map((voter) => CheckpointVoter.encode(voter))
    for (const [index, voter] of four.voters.entries()) {
      const proof = merkleProve(voterTree, leaves, index)
      expect(merkleVerify(voterTree, four.root, leaves[index]!, proof)).toBe(true)
      const richer = CheckpointVoter.encode({ ...voter, stakeMicro: voter.stakeMicro + 1n })
      expect(merkleVerify(voterTree, four.root, richer, proof)).toBe(false)
      for (const name of ['account', 'key', 'postQuantumKeyHash'] as const) {
        const changed = { ...voter, [name]: voter[name].with(0, 9) }
        expect(hex(unwrap(voterSetOf(four.voters.with(index, changed))).root)).not.toBe(
          hex(four.root),
        )
      }
    }
  })

  it('holds 10,000 voters and no more', () => {
    const voters = upTo(10_001).map((id) => hollowVoter(id, 1n))
    const full = unwrap(voterSetOf(voters.slice(0, 10_000)))
    expect(full.stakeMicro).toBe(10_000n)
    expect(voterSetOf(voters)).toMatchObject(refused('VOTERS_COUNT'))
    expect(voterSetOf([])).toMatchObject(refused('VOTERS_COUNT'))
    const bytes = CheckpointVoters.encode({ voters: [...full.voters] })
    expect(unwrap(readVoterSet(bytes, full.root)).stakeMicro).toBe(10_000n)
    // The bound of bytes leaves room for the largest amounts.
    const rich = setOf(voters.slice(0, 10_000).map((v) => ({ ...v, stakeMicro: 2n ** 64n - 1n })))
    const richBytes = CheckpointVoters.encode({ voters: [...rich.voters] })
    expect(unwrap(readVoterSet(richBytes, rich.root)).stakeMicro).toBe(10_000n * (2n ** 64n - 1n))
  })

  it.each([
    ['VOTERS_ORDER', four.voters.toReversed()],
    ['VOTERS_ORDER', [four.voters[0]!, four.voters[0]!]],
    ['VOTERS_ORDER', [four.voters[0]!, { ...hollowVoter(0, 5n), key: new Uint8Array(48) }]],
    ['VOTERS_KEY_TWICE', [four.voters[0]!, { ...four.voters[1]!, key: four.voters[0]!.key }]],
    [
      'VOTERS_KEY_TWICE',
      [
        four.voters[0]!,
        { ...four.voters[1]!, postQuantumKeyHash: four.voters[0]!.postQuantumKeyHash },
      ],
    ],
    ['VOTERS_FIELD', [hollowVoter(1, 0n)]],
    ['VOTERS_FIELD', [{ ...hollowVoter(1, 900n), key: new Uint8Array(47) }]],
    ['VOTERS_FIELD', [{ ...hollowVoter(1, 900n), account: new Uint8Array(33) }]],
    ['VOTERS_FIELD', [{ ...hollowVoter(1, 900n), postQuantumKeyHash: new Uint8Array(0) }]],
    ['VOTERS_STAKE', [hollowVoter(1, 127n)]],
  ])('is refused: %s', (code, voters) => {
    expect(voterSetOf(voters)).toMatchObject(refused(code))
  })

  it('is read from a stranger only as the committed one', () => {
    expect(unwrap(readVoterSet(encoded, four.root)).voters).toEqual(four.voters)
    expect(readVoterSet(encoded, new Uint8Array(32))).toMatchObject(refused('VOTERS_ROOT'))
    expect(readVoterSet(encoded.subarray(1), four.root)).toMatchObject(refused('VOTERS_MALFORMED'))
    fc.assert(
      fc.property(fc.nat(encoded.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const spoilt = encoded.with(at, (encoded[at] ?? 0) ^ flip)
        expect(readVoterSet(spoilt, four.root).ok).toBe(false)
      }),
    )
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(readVoterSet(bytes, four.root).ok).toBe(false)
      }),
    )
  })
})

describe('CKPT-1: the threshold', () => {
  it.each([
    [900n, 600n, true],
    [900n, 599n, false],
    [901n, 600n, false],
    [901n, 601n, true],
    [1_000n, 666n, false],
    [1_000n, 667n, true],
    [3n * 2n ** 76n, 2n ** 77n, true],
    [3n * 2n ** 76n, 2n ** 77n - 1n, false],
  ])('of a stake of %d, %d is enough: %s', (stakeMicro, signed, enough) => {
    expect(reachesThreshold({ stakeMicro }, signed)).toBe(enough)
  })

  it('is never left out by rounding: two that reach it share a third', () => {
    const stakes = fc.array(fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }), {
      minLength: 1,
      maxLength: 30,
    })
    fc.assert(
      fc.property(stakes, fc.nat(), fc.nat(), (list, one, other) => {
        const set = setOf(list.map((stake, id) => hollowVoter(id, stake + 128n)))
        const all = upTo(list.length)
        const picked = (mask: number) => all.filter((index) => ((mask >> (index % 31)) & 1) === 1)
        const [left, right] = [picked(one), picked(other)]
        const reaches = (indices: readonly number[]) => reachesThreshold(set, stakeAt(set, indices))
        if (!reaches(left) || !reaches(right)) return
        const shared = stakeAt(
          set,
          left.filter((index) => right.includes(index)),
        )
        expect(3n * shared >= set.stakeMicro).toBe(true)
      }),
    )
  })
})
