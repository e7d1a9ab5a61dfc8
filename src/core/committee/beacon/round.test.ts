import { describe, expect, it } from 'vitest'
import { unwrap } from '../../../../test/support/unwrap.ts'
import { hex } from '../../base/bytes.ts'
import { openDeal } from '../../crypto/pvss/openDeal.ts'
import { testSharing, withByte } from '../../crypto/pvss/testSharing.fixture.ts'
import { acceptDeal } from './acceptDeal.ts'
import { acceptOpening } from './acceptOpening.ts'
import { acceptShares } from './acceptShares.ts'
import { beaconAfter } from './beaconAfter.ts'
import { enterBlock } from './enterBlock.ts'
import { judgeOf } from './judge.ts'
import { outcomeOf } from './outcome.ts'
import { startRound, type BeaconRound } from './round.ts'
import { roundTimesOf } from './roundTimes.ts'
import { hollowDeal, hollowJudge, hollowSharing, times, withBlock } from './testRound.fixture.ts'

const { sharing, deal: dealOf, dealSeed, decrypt } = testSharing([1, 1, 1, 1])
const judge = judgeOf(sharing)
const seats = [0, 1, 2, 3]
const deals = seats.map(dealOf)
const openings = seats.map((seat) => openDeal(sharing, seat, dealSeed(seat)))
const sharesOf = (dealer: number) => seats.map((seat) => decrypt(deals[dealer]!, seat))
const sharesOf3 = sharesOf(3)
const previous = new Uint8Array(32).fill(9)

const dealt = withBlock(startRound(sharing), judge, { at: 5, deals })
const fixed = withBlock(dealt, judge, { at: 14 })
const threeOpened = withBlock(fixed, judge, { at: 15, openings: openings.slice(0, 3) })
const opened = withBlock(threeOpened, judge, { at: 16, openings })

const beaconOf = (round: BeaconRound, at: number): string =>
  hex(beaconAfter(previous, 8, unwrap(outcomeOf(round, times, at * 1000))))
const refused = (code: string) => ({ ok: false, error: { code } })

describe('BEACON-6: a round of the sharing', () => {
  it('has its times in thirtieths of the epoch', () => {
    expect(times).toEqual({ fixMs: 14_000, sharesMs: 18_000, limitMs: 40_000 })
    expect(roundTimesOf({ epochMs: 3_000 })).toEqual({
      fixMs: 1_400,
      sharesMs: 1_800,
      limitMs: 4_000,
    })
  })

  it('the first block at or after 14 s fixes the deals of the blocks before it', () => {
    const before = enterBlock(dealt, times, 13_999)
    expect(before.phase).toBe('dealing')
    const block = enterBlock(
      withBlock(startRound(sharing), judge, { at: 5, deals: deals.slice(0, 3) }),
      times,
      14_000,
    )
    expect(block.phase).toBe('opening')
    expect(acceptDeal(block, judge, deals[3]!)).toEqual(refused('ROUND_PHASE'))
  })

  it('takes one valid deal of each seat', () => {
    expect(acceptDeal(dealt, judge, deals[1]!)).toEqual(refused('ROUND_TWICE'))
    const wrong = { ...deals[1]!, challenge: withByte(deals[1]!.challenge, 0) }
    expect(acceptDeal(startRound(sharing), judge, wrong)).toEqual({
      ok: false,
      error: { code: 'ROUND_INVALID', cause: { code: 'DEAL_PROOF' } },
    })
    expect(acceptDeal(startRound(sharing), judge, { ...deals[1]!, dealer: 4 })).toMatchObject({
      error: { cause: { code: 'DEAL_DEALER' } },
    })
  })

  it.each([
    [[1, 1, 1, 1], [0, 1, 2], 'opening'],
    [[1, 1, 1, 1], [0, 1], 'failed'],
    [[3, 1, 1, 1, 1], [1, 2, 3, 4], 'failed'],
    [[3, 1, 1, 1, 1], [0, 2, 3], 'opening'],
  ])('powers %j need W − F of the power: deals of %j give %s', (powers, dealers, phase) => {
    const list = dealers.map((dealer) => hollowDeal(new Uint8Array(1), dealer))
    const round = withBlock(startRound(hollowSharing(powers)), hollowJudge, { at: 3, deals: list })
    expect(enterBlock(round, times, 15_000).phase).toBe(phase)
  })

  it('takes openings from the fixing on, each once, and only of fixed deals', () => {
    expect(acceptOpening(dealt, judge, openings[0]!)).toEqual(refused('ROUND_PHASE'))
    expect(acceptOpening(threeOpened, judge, openings[0]!)).toEqual(refused('ROUND_KNOWN'))
    const three = withBlock(startRound(sharing), judge, { at: 5, deals: deals.slice(0, 3) })
    expect(acceptOpening(withBlock(three, judge, { at: 14 }), judge, openings[3]!)).toEqual(
      refused('ROUND_NO_DEAL'),
    )
    expect(acceptOpening(fixed, judge, { ...openings[0]!, dealer: 1 })).toEqual({
      ok: false,
      error: { code: 'ROUND_INVALID', cause: { code: 'OPENING_WRONG' } },
    })
    const late = enterBlock(threeOpened, times, 35_000)
    expect(acceptOpening(late, judge, openings[3]!).ok).toBe(true)
  })

  it('takes shares from 18 s on, each seat once, of deals that nobody opened', () => {
    const early = enterBlock(threeOpened, times, 17_999)
    expect(acceptShares(early, judge, sharesOf3[0]!)).toEqual(refused('ROUND_PHASE'))
    const late = enterBlock(threeOpened, times, 18_000)
    const one = unwrap(acceptShares(late, judge, sharesOf3[0]!))
    expect(acceptShares(one, judge, sharesOf3[0]!)).toEqual(refused('ROUND_TWICE'))
    expect(acceptShares(late, judge, { ...sharesOf3[0]!, dealer: 0 })).toEqual(
      refused('ROUND_KNOWN'),
    )
    expect(acceptShares(late, judge, { ...sharesOf3[0]!, seat: 1 })).toEqual({
      ok: false,
      error: { code: 'ROUND_INVALID', cause: { code: 'SHARE_PROOF' } },
    })
    expect(acceptShares(late, judge, { ...sharesOf3[0]!, dealer: 7 })).toEqual(
      refused('ROUND_NO_DEAL'),
    )
  })

  it('knows a secret from t of the power, and drops the shares', () => {
    const two = withBlock(threeOpened, judge, { at: 19, shares: sharesOf3.slice(0, 2) })
    expect(two.secrets[3]).toBeUndefined()
    const three = withBlock(two, judge, { at: 20, shares: sharesOf3.slice(2, 3) })
    expect(hex(three.secrets[3]!)).toBe(hex(opened.secrets[3]!))
    expect(three.shares[3]).toEqual([])
  })
})

describe('BEACON-7: what a round gives', () => {
  it('no boundary before every fixed deal is resolved, or the limit', () => {
    for (const round of [dealt, fixed, threeOpened]) {
      for (const at of [28, 39.999]) {
        expect(outcomeOf(round, times, at * 1000)).toEqual(refused('BEACON_UNRESOLVED'))
      }
      expect(outcomeOf(round, times, 40_000)).toEqual({ ok: true, value: { kind: 'fallback' } })
    }
    expect(outcomeOf(opened, times, 28_000)).toMatchObject({ ok: true, value: { kind: 'secrets' } })
    expect(outcomeOf(opened, times, 40_000)).toMatchObject({ ok: true, value: { kind: 'secrets' } })
  })

  it('openings and shares of anybody give the same beacon', () => {
    const beacons = new Set([beaconOf(opened, 28)])
    for (const chosen of [
      [0, 1, 2],
      [3, 1, 0],
      [2, 3, 1],
    ]) {
      const shares = chosen.map((seat) => sharesOf3[seat]!)
      beacons.add(beaconOf(withBlock(threeOpened, judge, { at: 19, shares }), 28))
    }
    expect(beacons.size).toBe(1)
  })

  it('too few deals give the fallback at once', () => {
    const few = withBlock(startRound(sharing), judge, { at: 5, deals: deals.slice(0, 2) })
    const failed = withBlock(few, judge, { at: 14 })
    expect(outcomeOf(failed, times, 28_000)).toEqual({ ok: true, value: { kind: 'fallback' } })
    expect(acceptOpening(failed, judge, openings[0]!)).toEqual(refused('ROUND_PHASE'))
    expect(beaconOf(failed, 28)).toBe(hex(beaconAfter(previous, 8, { kind: 'fallback' })))
  })

  it('covers the beacon before it, the epoch, the dealers and every secret', () => {
    const secret = new Uint8Array(32).fill(1)
    const of = (...list: readonly number[]) => ({
      kind: 'secrets' as const,
      secrets: list.map((dealer) => ({ dealer, secret })),
    })
    const changed = { kind: 'secrets' as const, secrets: [{ dealer: 0, secret: previous }] }
    const all = [
      beaconAfter(previous, 8, of(0)),
      beaconAfter(secret, 8, of(0)),
      beaconAfter(previous, 9, of(0)),
      beaconAfter(previous, 8, of(1)),
      beaconAfter(previous, 8, of(0, 1)),
      beaconAfter(previous, 8, of()),
      beaconAfter(previous, 8, changed),
      beaconAfter(previous, 8, { kind: 'fallback' }),
      beaconAfter(previous, 9, { kind: 'fallback' }),
    ]
    expect(new Set(all.map(hex)).size).toBe(all.length)
  })

  it('a chain that stood still ends the epoch with its first block (EPOCH-5)', () => {
    expect(outcomeOf(dealt, times, 500_000)).toEqual({ ok: true, value: { kind: 'fallback' } })
    expect(beaconOf(opened, 500)).toBe(beaconOf(opened, 28))
  })
})
