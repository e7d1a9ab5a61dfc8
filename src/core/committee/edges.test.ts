import { describe, expect, it } from 'vitest'
import { hex, readU64be, u32be, u64be } from '../base/bytes.ts'
import { VoteKind, type Committee, type VotePayload } from '../codec/chain.ts'
import { hash } from '../crypto/hash.ts'
import { acceptShares } from './beacon/acceptShares.ts'
import { enterBlock } from './beacon/enterBlock.ts'
import { outcomeOf } from './beacon/outcome.ts'
import { startRound, type BeaconRound } from './beacon/round.ts'
import {
  hollowDeal,
  hollowJudge,
  hollowSharing,
  hollowShares,
  times,
  withBlock,
} from './beacon/testRound.fixture.ts'
import { drawSeats } from './draw.ts'
import { nextCommittee } from './handOver.ts'
import { leaderOrder } from './leaders.ts'
import { threatLevel } from './threat.ts'
import { kappaQ32, ticketCounts } from './ticket.ts'
import { uniformBelow } from './uniformBelow.ts'
import { voteMessage } from './voteMessage.ts'
import { rotationOf } from './weight.ts'

const beacon = hash('beacon', u32be(3))
const id = (index: number): Uint8Array => hash('identity', u32be(index))

describe('COM-2, COM-3 at the edges', () => {
  it('who never served has its whole weight from the first epoch on', () => {
    expect([0, 1, 7, 8].map((epoch) => rotationOf(0, epoch))).toEqual(Array(4).fill(10_000))
  })

  it('a ticket at θ itself does not count, nor one of no weight', () => {
    expect([4n, 5n, 6n].map((kappa) => ticketCounts(kappa, 5n))).toEqual([true, false, false])
    expect(ticketCounts(kappaQ32(new Uint8Array(96), 0n), undefined)).toBe(false)
  })

  it('a score of nothing is never drawn, and no more than asked for are', () => {
    const list = [1, 2, 3, 4, 5].map((index) => ({
      validator: id(index),
      kappaQ32: BigInt(index),
      score: index === 1 ? 0 : 8_000,
    }))
    const drawn = (count: number): bigint[] =>
      drawSeats(list, { beacon, count, scoreCap: 8_500 }).map(({ kappaQ32: kappa }) => kappa)
    expect(drawn(3)).toEqual([2n, 3n, 4n])
    expect(drawn(5)).toEqual([2n, 3n, 4n, 5n])
  })
})

describe('COM-4 leader order', () => {
  it('is a shuffle from the end by words of the beacon, the best score then brought first', () => {
    const scores = [8_000, 7_600, 8_500, 9_000, 7_700]
    let counter = 0
    const word = (): bigint => {
      const digest = hash('leaderOrder', beacon, u64be(4), u32be(counter))
      counter += 1
      return readU64be(digest)
    }
    const order = [0, 1, 2, 3, 4]
    for (const last of [4, 3, 2, 1]) {
      const other = uniformBelow(last + 1, word)
      const [left, right] = [order[other] ?? 0, order[last] ?? 0]
      order.splice(last, 1, left)
      order.splice(other, 1, right)
    }
    // Seats 2 and 3 both reach the cap: the first of them in ticket order leads.
    const at = order.indexOf(2)
    const first = order[0] ?? 0
    order.splice(0, 1, 2)
    if (at > 0) order.splice(at, 1, first)
    expect(leaderOrder(scores, { beacon, epoch: 4, scoreCap: 8_500 })).toEqual(order)
  })
})

describe('COM-5 hand-over', () => {
  const seatAt = (index: number, score: number) => ({
    validator: id(index),
    epochKey: Uint8Array.of(index),
    sharingKey: Uint8Array.of(index),
    peerId: `peer${String(index)}`,
    score,
  })
  const current: Committee = {
    epoch: 7,
    seats: [0, 1, 2, 3, 4, 5].map((index) => ({ ...seatAt(index, 8_000), power: 1 })),
    leaders: [0, 1, 2, 3, 4, 5],
    attempt: 0,
  }
  const draw = [8_000, 8_100, 8_400, 8_200].map((score, index) => ({
    ...seatAt(10 + index, score),
    power: 1,
    confirmed: true,
    overLimit: false,
  }))
  const options = { current, draw, active: 8, beacon, committeeSeats: 21, scoreCap: 8_500 }

  it('exactly as many as may follow a committee do follow it', () => {
    const ids = nextCommittee(options).seats.map(({ validator }) => hex(validator))
    expect(ids).toEqual(draw.map(({ validator }) => hex(validator)))
  })

  it('the seat with the best score leads first', () => {
    expect(nextCommittee(options).leaders[0]).toBe(2)
  })
})

describe('BFT-12 threat', () => {
  it('is the share of F + 1 seats that was convicted', () => {
    expect([1, 2, 3].map((convicted) => threatLevel(convicted, 6))).toEqual([1_428, 2_857, 4_285])
  })
})

describe('BEACON-6, BEACON-7: a round at its edges', () => {
  const sharing = hollowSharing([1, 1, 1, 1])
  const seed = new Uint8Array(32)
  const deals = [0, 1, 2].map((dealer) => hollowDeal(seed, dealer))
  const dealt = withBlock(startRound(sharing), hollowJudge, { at: 5, deals })
  const failed = enterBlock(startRound(sharing), times, 14_000)
  const showing = enterBlock(enterBlock(dealt, times, 14_000), times, 18_000)

  it('has no outcome before its deals are fixed, with or without deals', () => {
    const unresolved = { ok: false, error: { code: 'BEACON_UNRESOLVED' } }
    expect(outcomeOf(startRound(sharing), times, 5_000)).toEqual(unresolved)
    expect(outcomeOf(dealt, times, 5_000)).toEqual(unresolved)
  })

  it('never goes back to an earlier phase, and one that failed stays so', () => {
    expect([failed.phase, showing.phase]).toEqual(['failed', 'sharing'])
    const later = (round: BeaconRound): string[] =>
      [14_000, 18_000, 39_000].map((offsetMs) => enterBlock(round, times, offsetMs).phase)
    expect(later(failed)).toEqual(['failed', 'failed', 'failed'])
    expect(later(showing)).toEqual(['sharing', 'sharing', 'sharing'])
  })

  it('takes no shares of a deal that it does not have', () => {
    const shares = hollowShares(hollowDeal(seed, 3), 0)
    for (const dealer of [3, 4]) {
      expect(acceptShares(showing, hollowJudge, { ...shares, dealer })).toEqual({
        ok: false,
        error: { code: 'ROUND_NO_DEAL' },
      })
    }
  })
})

describe('SIG-2: what a seat signs', () => {
  it('is another string for every kind, chain, epoch, view, committee and block', () => {
    const vote: VotePayload = {
      kind: VoteKind.VOTE,
      chainId: 'emo-test',
      epoch: 4,
      view: 9,
      committeeRoot: id(1),
      block: id(2),
    }
    const others: readonly Partial<VotePayload>[] = [
      { kind: VoteKind.COMMIT },
      { chainId: 'emo-tesu' },
      { epoch: 5 },
      { view: 10 },
      { committeeRoot: id(3) },
      { block: id(3) },
    ]
    const texts = [{}, ...others].map((change) => hex(voteMessage({ ...vote, ...change })))
    expect(new Set(texts).size).toBe(1 + others.length)
    expect(texts.every((text) => text.length === 64)).toBe(true)
  })
})
