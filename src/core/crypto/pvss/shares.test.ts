import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { unwrap } from '../../../../test/support/unwrap.ts'
import { concat, hex } from '../../base/bytes.ts'
import { DealOpening, DealShares } from '../../codec/sharing.ts'
import { proveShares } from './decryptShares.ts'
import { encryptedSharesOf } from './encryptedShares.ts'
import type { Point } from './group.ts'
import { nobleGroup as group } from './groupNoble.ts'
import { dealCoefficients, dealPolynomial } from './makeDeal.ts'
import { openDeal } from './openDeal.ts'
import { reconstruct } from './reconstruct.ts'
import { encodeScalar, groupOrder } from './scalars.ts'
import { sharePointsOf } from './sharePoints.ts'
import {
  dealOpeningBytesMax,
  dealSharesBytesMax,
  decodeDealOpening,
  decodeDealShares,
} from './sharingBytes.ts'
import { multipleOf, sumOf, testSharing, withByte, withItem } from './testSharing.fixture.ts'
import { verifyDeal } from './verifyDeal.ts'
import { verifyOpening } from './verifyOpening.ts'
import { verifyShares } from './verifyShares.ts'

const powers = [1, 2, 1, 1, 2]
const test = testSharing(powers)
const { sharing, dealSeed, decrypt } = test
const deal = test.deal(1)
const otherDeal = test.deal(2)
const secret = unwrap(verifyOpening(deal, openDeal(sharing, 1, dealSeed(1))))
const all = powers.map((_, seat) => decrypt(deal, seat))
const seats = fc.shuffledSubarray(powers.map((_, seat) => seat))
const identity = new Uint8Array(32)

const powerOf = (list: readonly number[]): number =>
  list.reduce((sum, seat) => sum + powers[seat]!, 0)

describe('BEACON-4: an opening', () => {
  const opening = openDeal(sharing, 1, dealSeed(1))

  it('gives h to the dealt number', () => {
    const [dealt] = dealCoefficients(sharing, 1, dealSeed(1))
    expect(hex(secret)).toBe(hex(group.encode([multipleOf(dealt!, group.shareGenerator)])))
  })

  it.each([
    ['of another deal', 'OPENING_WRONG', { secret: openDeal(sharing, 2, dealSeed(2)).secret }],
    ['of another epoch', 'PLACE_EPOCH', { epoch: 8 }],
    ['of another dealer', 'PLACE_DEALER', { dealer: 2 }],
    ['of zero', 'OPENING_SCALAR', { secret: identity }],
    ['of the order', 'OPENING_SCALAR', { secret: new Uint8Array(32).fill(255) }],
    ['too short', 'OPENING_SCALAR', { secret: opening.secret.subarray(1) }],
    ['with a bit changed', 'OPENING_WRONG', { secret: withByte(opening.secret, 3) }],
  ])('%s is refused: %s', (_name, code, change) => {
    expect(verifyOpening(deal, { ...opening, ...change })).toMatchObject({
      ok: false,
      error: { code },
    })
  })

  it('is refused above the order, though it is the same number', () => {
    const value = BigInt(`0x${hex(opening.secret.toReversed())}`) + groupOrder
    const above = Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse()
    expect(verifyOpening(deal, { ...opening, secret: new Uint8Array(above) })).toEqual({
      ok: false,
      error: { code: 'OPENING_SCALAR' },
    })
  })

  it('is decoded strictly', () => {
    const bytes = DealOpening.encode({ ...opening, epoch: Number.MAX_SAFE_INTEGER })
    expect(decodeDealOpening(bytes).ok).toBe(true)
    expect(decodeDealOpening(concat(bytes, Uint8Array.of(0))).ok).toBe(false)
    expect(decodeDealOpening(new Uint8Array(dealOpeningBytesMax + 1)).ok).toBe(false)
  })
})

describe('BEACON-5: shares', () => {
  it('of every seat are h to the values at its places', () => {
    const p = dealCoefficients(sharing, 1, dealSeed(1))
    let place = 0
    for (const shares of all) {
      expect(verifyShares(sharing, deal, shares)).toEqual({ ok: true, value: undefined })
      for (let at = 0; at < shares.points.length; at += 32) {
        place += 1
        const x = BigInt(place)
        const value = p.reduce((sum, one, power) => sum + one * x ** BigInt(power), 0n) % groupOrder
        const expected = group.encode([multipleOf(value, group.shareGenerator)])
        expect(hex(shares.points.subarray(at, at + 32))).toBe(hex(expected))
      }
    }
    expect(place).toBe(7)
  })

  it('of any seats with t of the power give the secret, and of fewer nothing', () => {
    fc.assert(
      fc.property(seats, (chosen) => {
        const result = reconstruct(
          sharing,
          chosen.map((seat) => all[seat]!),
        )
        if (powerOf(chosen) >= sharing.threshold) {
          expect(hex(unwrap(result))).toBe(hex(secret))
        } else {
          expect(result).toEqual({
            ok: false,
            error: { code: 'SHARES_TOO_FEW', count: powerOf(chosen), threshold: 4 },
          })
        }
      }),
      { numRuns: 60 },
    )
  })

  it('of t − 1 do not fix the secret: another deal gives the same ones and another secret', () => {
    // Seats 0, 2 and 3 hold the shares 1, 4 and 5: t − 1. The other polynomial differs from the
    // dealt one by a multiple of (x − 1)(x − 4)(x − 5) = x³ − 10x² + 29x − 20.
    const p = dealCoefficients(sharing, 1, dealSeed(1))
    const vanishing = [-20n, 29n, -10n, 1n]
    const other = p.map((one, power) => (one + vanishing[power]! + groupOrder) % groupOrder)
    const twin = dealPolynomial(sharing, 1, other, dealSeed(9))
    expect(verifyDeal(sharing, twin).ok).toBe(true)
    const held = [0, 2, 3]
    expect(powerOf(held)).toBe(sharing.threshold - 1)
    for (const seat of held) expect(decrypt(twin, seat).points).toEqual(all[seat]!.points)
    const twinAll = powers.map((_, seat) => decrypt(twin, seat))
    expect(unwrap(reconstruct(sharing, twinAll))).not.toEqual(secret)
  })

  const shares = all[1]!
  const point = group.encode([multipleOf(3n)])
  it.each([
    ['one point wrong', 'SHARE_PROOF', { points: withItem(shares.points, 1, point) }],
    [
      'points exchanged',
      'SHARE_PROOF',
      { points: concat(shares.points.subarray(32), shares.points.subarray(0, 32)) },
    ],
    ['the identity', 'SHARE_POINT', { points: withItem(shares.points, 0, identity) }],
    [
      'no element',
      'SHARE_POINT',
      { points: withItem(shares.points, 0, new Uint8Array(32).fill(255)) },
    ],
    ['a point too few', 'SHARE_LENGTH', { points: shares.points.subarray(32) }],
    ['a point too many', 'SHARE_LENGTH', { points: concat(shares.points, point) }],
    ['another seat of that power', 'SHARE_PROOF', { seat: 4 }],
    ['no such seat', 'SHARE_SEAT', { seat: 5 }],
    ['another dealer', 'PLACE_DEALER', { dealer: 2 }],
    ['another epoch', 'PLACE_EPOCH', { epoch: 6 }],
    ['another challenge', 'SHARE_PROOF', { challenge: withByte(shares.challenge, 0) }],
    ['a short challenge', 'SHARE_SCALAR', { challenge: shares.challenge.subarray(1) }],
    ['another response', 'SHARE_PROOF', { response: encodeScalar(9n) }],
    ['a response of zero', 'SHARE_SCALAR', { response: identity }],
    ['a response that is no scalar', 'SHARE_SCALAR', { response: new Uint8Array(32).fill(255) }],
  ])('with %s are refused: %s', (_name, code, change) => {
    expect(verifyShares(sharing, deal, { ...shares, ...change })).toMatchObject({
      ok: false,
      error: { code },
    })
  })

  it('of another deal, chain or committee are refused', () => {
    const failed = { ok: false, error: { code: 'SHARE_PROOF' } }
    const foreign = { ...decrypt(otherDeal, 1), dealer: 1 }
    expect(verifyShares(sharing, deal, foreign)).toEqual(failed)
    const elsewhere = testSharing(powers, { chainId: 'tesu' })
    expect(verifyShares(elsewhere.sharing, deal, shares)).toEqual(failed)
    const restarted = testSharing(powers, { committeeRoot: new Uint8Array(32).fill(2) })
    expect(verifyShares(restarted.sharing, deal, shares)).toEqual(failed)
  })

  it('of a seat that moves a factor from one to the other are refused', () => {
    const holder = sharing.seats[1]!
    const encrypted = unwrap(encryptedSharesOf(group, deal, holder))
    const { points } = unwrap(sharePointsOf(sharing, shares))
    const prove = (list: readonly Point[]): DealShares =>
      proveShares(sharing, deal, test.shareKey(1), { shares: list, encrypted })
    expect(verifyShares(sharing, deal, prove(points)).ok).toBe(true)
    const inverse = multipleOf(groupOrder - 1n)
    const moved = [sumOf(points[0]!, group.generator), sumOf(points[1]!, inverse)]
    expect(verifyShares(sharing, deal, prove(moved))).toEqual({
      ok: false,
      error: { code: 'SHARE_PROOF' },
    })
  })

  it('with any bit changed are refused', () => {
    const bytes = DealShares.encode(shares)
    fc.assert(
      fc.property(fc.nat({ max: 8 * bytes.length - 1 }), (bit) => {
        const spoilt = Uint8Array.from(bytes)
        spoilt[bit >> 3] = spoilt[bit >> 3]! ^ (1 << (bit & 7))
        const decoded = decodeDealShares(spoilt)
        expect(decoded.ok && verifyShares(sharing, deal, decoded.value).ok).toBe(false)
      }),
      { numRuns: 60 },
    )
  })

  it('of one seat count once', () => {
    expect(reconstruct(sharing, [...all, all[2]!])).toEqual({
      ok: false,
      error: { code: 'SHARE_TWICE', seat: 2 },
    })
  })

  it('are decoded strictly, and the largest ones fit', () => {
    const bytes = DealShares.encode({
      ...shares,
      epoch: Number.MAX_SAFE_INTEGER,
      points: new Uint8Array(63 * 32),
    })
    expect(decodeDealShares(bytes).ok).toBe(true)
    expect(decodeDealShares(concat(bytes, Uint8Array.of(0))).ok).toBe(false)
    expect(decodeDealShares(new Uint8Array(dealSharesBytesMax + 1)).ok).toBe(false)
  })
})
