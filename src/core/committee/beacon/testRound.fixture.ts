/** Rounds for tests: blocks with objects, and stand-ins for the cryptography. */
import { err, ok } from '../../base/result.ts'
import { concat, hex, u32be } from '../../base/bytes.ts'
import type { Deal, DealOpening, DealShares } from '../../codec/sharing.ts'
import { hash } from '../../crypto/hash.ts'
import { createSharing, type Sharing } from '../../crypto/pvss/sharing.ts'
import { sharingPublicKey } from '../../crypto/pvss/sharingKey.ts'
import { unwrap } from '../../../../test/support/unwrap.ts'
import { acceptDeal } from './acceptDeal.ts'
import { acceptOpening } from './acceptOpening.ts'
import { acceptShares } from './acceptShares.ts'
import { enterBlock } from './enterBlock.ts'
import type { SharingJudge } from './judge.ts'
import type { BeaconRound } from './round.ts'
import { roundTimesOf } from './roundTimes.ts'

export const times = roundTimesOf({ epochMs: 30_000 })

export interface TestBlock {
  /** Seconds since the start of the epoch. */
  readonly at: number
  readonly deals?: readonly Deal[]
  readonly openings?: readonly DealOpening[]
  readonly shares?: readonly DealShares[]
}

/** What a block leaves behind; objects that the round refuses are left out, as by a leader. */
export function withBlock(round: BeaconRound, judge: SharingJudge, block: TestBlock): BeaconRound {
  let next = enterBlock(round, times, block.at * 1000)
  for (const deal of block.deals ?? []) {
    const result = acceptDeal(next, judge, deal)
    if (result.ok) next = result.value
  }
  for (const opening of block.openings ?? []) {
    const result = acceptOpening(next, judge, opening)
    if (result.ok) next = result.value
  }
  for (const shares of block.shares ?? []) {
    const result = acceptShares(next, judge, shares)
    if (result.ok) next = result.value
  }
  return next
}

/** The verdicts of another judge, each found once: for tests that show the same objects often. */
export function remembered(judge: SharingJudge): SharingJudge {
  const known = new WeakMap<object, unknown>()
  const once = <T>(key: object, find: () => T): T => {
    if (!known.has(key)) known.set(key, find())
    return known.get(key) as T
  }
  const secrets = new Map<string, ReturnType<SharingJudge['reconstruct']>>()
  return {
    deal: (deal) => once(deal, () => judge.deal(deal)),
    opening: (deal, opening) => once(opening, () => judge.opening(deal, opening)),
    shares: (deal, shares) => once(shares, () => judge.shares(deal, shares)),
    reconstruct: (list) => {
      const key = list.map(({ dealer, seat }) => `${String(dealer)}-${String(seat)}`).join(' ')
      const result = secrets.get(key) ?? judge.reconstruct(list)
      secrets.set(key, result)
      return result
    },
  }
}

/**
 * Objects that carry nothing but their place, and a judge that takes them: for simulations of what
 * the rules allow, where a secret is a hash of the round and the dealer.
 */
export function hollowSharing(powers: readonly number[]): Sharing {
  const key = sharingPublicKey(hash('message', u32be(1)))
  const seats = powers.map((power) => ({ key, power }))
  const committeeRoot = new Uint8Array(32)
  return unwrap(createSharing({ chainId: 'test', epoch: 1, committeeRoot, seats }))
}

export function hollowDeal(seed: Uint8Array, dealer: number): Deal {
  const commitments = hash('message', seed, u32be(dealer))
  const empty = new Uint8Array(0)
  return {
    epoch: 1,
    dealer,
    commitments,
    encryptedShares: empty,
    challenge: empty,
    responses: empty,
  }
}

/** The secret of a hollow deal is the hash of its commitment. */
export function hollowOpening({ dealer, commitments }: Deal): DealOpening {
  return { epoch: 1, dealer, secret: hash('message', commitments) }
}

export function hollowShares(deal: Deal, seat: number): DealShares {
  const points = hollowOpening(deal).secret
  const empty = new Uint8Array(0)
  return { epoch: 1, dealer: deal.dealer, seat, points, challenge: empty, response: empty }
}

export const hollowJudge: SharingJudge = {
  deal: () => ok(undefined),
  opening: (deal, { secret }) =>
    hex(secret) === hex(hollowOpening(deal).secret) ? ok(secret) : err({ code: 'OPENING_WRONG' }),
  shares: (deal, { points }) =>
    hex(points) === hex(hollowOpening(deal).secret) ? ok(undefined) : err({ code: 'SHARE_PROOF' }),
  reconstruct: (list) => ok(concat(...list.slice(0, 1).map(({ points }) => points))),
}
