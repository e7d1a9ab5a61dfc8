import { describe, expect, it } from 'vitest'
import { blsBlst } from '../adapters/crypto/blsBlst.ts'
import { unwrap } from '../../test/support/unwrap.ts'
import { indicesOf } from '../core/base/bitmap.ts'
import { hex } from '../core/base/bytes.ts'
import { aggregateVotes, verifyAggregate } from '../core/checkpoint/aggregate.ts'
import { readDoubleSigners } from '../core/checkpoint/doubleSigners.ts'
import { writeSubnetAggregate } from '../core/checkpoint/subnetAggregate.ts'
import {
  setOf,
  testContent,
  testEnv,
  testVoter,
  testVotes,
  upTo,
} from '../core/checkpoint/testVoters.fixture.ts'
import {
  CheckpointRequest,
  type CheckpointContent,
  type SubnetAggregate,
} from '../core/codec/checkpoint.ts'
import { CheckpointBallot } from './checkpointBallot.ts'
import { accusationOf } from './checkpoints/doubles.ts'

const set = setOf(upTo(12).map((id) => testVoter(id, 100n)))
const content = testContent(5, set)
const other = { ...content, stateRoot: new Uint8Array(32) }
const layout = { subnets: 3, subnetAggregators: 2 }
let pairings = 0
const bls = {
  ...blsBlst,
  fastAggregateVerify: (...question: Parameters<typeof blsBlst.fastAggregateVerify>) => {
    pairings += 1
    return blsBlst.fastAggregateVerify(...question)
  },
}
const env = { ...testEnv(set), bls }
const fresh = (): CheckpointBallot => new CheckpointBallot(env, content, { due: undefined, layout })
const { plan } = fresh()
const [subnet, members] = [1, plan.members[1]!] as const
const four = [members[0]!, members[1]!, members[2]!, members[3]!] as const

function aggregate(voters: readonly number[], what: CheckpointContent = content): SubnetAggregate {
  const own = unwrap(aggregateVotes(env, testVotes(env, what, voters)))
  return writeSubnetAggregate(env, members, { subnet, aggregate: own })
}
const vote = (voter: number, what: CheckpointContent = content) => testVotes(env, what, [voter])[0]!
const heldBy = (ballot: CheckpointBallot) => indicesOf(set.voters.length, ballot.heldVotes)
const asked = (singles: readonly number[]) =>
  CheckpointRequest.decode(
    CheckpointRequest.encode({
      heldVotes: new Uint8Array(2),
      singlesOf: Uint8Array.of(singles.reduce((sum, at) => sum | (1 << at), 0)),
    }),
  )

describe('CKPT-1 what a ballot takes of aggregates', () => {
  it.each<[string, Partial<SubnetAggregate>, string]>([
    ['signed by others', { members: Uint8Array.of(0b1001) }, 'invalid'],
    ['of nobody', { members: Uint8Array.of(0) }, 'invalid'],
    ['above the members', { members: Uint8Array.of(0b1_0001) }, 'invalid'],
    ['with a bitmap of another length', { members: new Uint8Array(2).fill(1) }, 'invalid'],
    ['of a subnet that is none', { subnet: 3 }, 'invalid'],
    ['of the members of another subnet', { subnet: 2 }, 'invalid'],
    ['with no signature', { signature: new Uint8Array(96) }, 'invalid'],
    ['on another content than it was signed on', { content: other }, 'invalid'],
    [
      'on a content without its fields',
      { content: { ...content, header: other.stateRoot.subarray(1) } },
      'invalid',
    ],
    ['of another set', { votersRoot: new Uint8Array(32) }, 'stray'],
    ['of another number', { content: testContent(6, set) }, 'stray'],
  ])('%s: nothing', (_name, change, outcome) => {
    const ballot = fresh()
    expect(ballot.addAggregate({ ...aggregate([four[0], four[1]]), ...change })).toBe(outcome)
    expect(heldBy(ballot)).toEqual([])
    expect(ballot.doubles()).toEqual([])
  })

  it('what counts more, and nothing of the rest is verified', () => {
    const ballot = fresh()
    expect(ballot.addAggregate(aggregate([four[0], four[1]]))).toBe('kept')
    const before = pairings
    expect(ballot.addAggregate(aggregate([four[0], four[1]]))).toBe('known')
    expect(ballot.addAggregate(aggregate([four[2], four[3]]))).toBe('known')
    expect(ballot.addAggregate(aggregate([four[2]]))).toBe('known')
    expect(pairings).toBe(before)
    expect(ballot.addAggregate(aggregate([four[1], four[2], four[3]]))).toBe('kept')
    expect(heldBy(ballot)).toEqual([four[1], four[2], four[3]])
  })

  it('two that contradict in a subnet, whatever else is brought', () => {
    const ballot = fresh()
    const contrary = (at: number) => aggregate([four[at % 4]!], { ...other, height: 1_000 + at })
    expect([0, 1, 2, 3].map((at) => ballot.addAggregate(contrary(at)))).toEqual([
      ...['kept', 'kept', 'known', 'known'],
    ])
    expect(heldBy(ballot)).toEqual([])
  })

  it('and one more when it accuses somebody whom the two do not', () => {
    const ballot = fresh()
    ballot.addAggregate(aggregate([four[2], four[3]]))
    const contrary = (at: number) => aggregate([four[at]!], { ...other, height: 1_000 + at })
    expect([0, 1, 3].map((at) => ballot.addAggregate(contrary(at)))).toEqual([
      ...['kept', 'kept', 'kept'],
    ])
    expect(ballot.doubles()).toHaveLength(1)
    expect(ballot.addAggregate(aggregate([four[3]], { ...other, height: 7 }))).toBe('known')
  })
})

describe('CKPT-1 single votes and aggregates together', () => {
  it('count everybody once, and make one certificate', () => {
    const ballot = fresh()
    for (const voter of upTo(12).filter((index) => plan.subnetOf(index) !== subnet)) {
      expect(ballot.addVote(vote(voter))).toBe('kept')
    }
    expect(ballot.isDecided).toBe(true)
    ballot.addVote(vote(four[0]))
    expect(ballot.addAggregate(aggregate([four[0], four[1], four[2]]))).toBe('kept')
    const certificate = ballot.aggregate()!
    expect(unwrap(verifyAggregate(env, certificate))).toEqual(
      upTo(12).filter((index) => index !== four[3]),
    )
  })

  it('an aggregator adds to what was sent on, and says nothing when it has no more', () => {
    const ballot = fresh()
    for (const voter of [four[0], four[3]]) ballot.addVote(vote(voter))
    ballot.addAggregate(aggregate([four[1], four[3]]))
    const sum = ballot.aggregateOf(subnet)!
    expect(indicesOf(4, sum.members)).toEqual([0, 1, 3])
    expect(ballot.addAggregate(sum)).toBe('kept')
    expect(ballot.aggregateOf(subnet)).toBeUndefined()
    expect(ballot.aggregateOf(2)).toBeUndefined()
  })

  it('are shown by what is asked: aggregates always, single votes of the subnets named', () => {
    const ballot = fresh()
    const stranger = plan.members[0]![0]!
    ballot.addVote(vote(stranger))
    ballot.addVote(vote(four[3]))
    ballot.addAggregate(aggregate([four[0]]))
    const voters = (singles: readonly number[]) =>
      ballot.lackedBy(asked(singles)).votes.map(({ voter }) => voter)
    expect(voters([])).toEqual([])
    expect(voters([subnet])).toEqual([four[3]])
    expect(voters([0, 1, 2]).toSorted((a, b) => a - b)).toEqual(
      [stranger, four[3]].toSorted((a, b) => a - b),
    )
    const { aggregates } = ballot.lackedBy(asked([]))
    expect(aggregates.map((shown) => shown.subnet)).toEqual([subnet])
    const heldVotes = ballot.heldVotes
    expect(ballot.lackedBy({ ...asked([]), heldVotes }).aggregates).toEqual([])
  })
})

describe('EVID-1 CKPT-1 E11 from aggregates', () => {
  const keysOf = (voters: readonly number[]): string[] =>
    voters.map((voter) => hex(set.voters[voter]!.key)).toSorted()
  const accused = (ballot: CheckpointBallot): string[][] =>
    ballot.doubles().map((double) => {
      const said = accusationOf(set, double)!
      if (said.keys.length === 0) return [hex(said.key)]
      return unwrap(readDoubleSigners(said)).both.map(hex)
    })

  it('two of them accuse all who are in both, at once', () => {
    const ballot = fresh()
    ballot.addAggregate(aggregate([four[0], four[1], four[2]]))
    ballot.addAggregate(aggregate([four[1], four[2], four[3]], other))
    expect(accused(ballot)).toEqual([keysOf([four[1], four[2]])])
  })

  it('one and a single vote accuse that voter, whichever is which', () => {
    const ballot = fresh()
    ballot.addVote(vote(four[1]))
    ballot.addAggregate(aggregate([four[1], four[3]], other))
    expect(accused(ballot)).toEqual([keysOf([four[1]])])
    const swapped = fresh()
    swapped.addAggregate(aggregate([four[0], four[2]]))
    swapped.addVote(vote(four[2], other))
    expect(accused(swapped)).toEqual([keysOf([four[2]])])
  })

  it('and nobody where no voter is in both', () => {
    const ballot = fresh()
    ballot.addAggregate(aggregate([four[0], four[1]]))
    ballot.addAggregate(aggregate([four[2]], other))
    expect(ballot.doubles()).toEqual([])
  })
})
