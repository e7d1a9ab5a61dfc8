/** What no honest party makes, and what tests of deals and shares leave open (BEACON-2 to 5). */
import { describe, expect, it, vi } from 'vitest'
import { unwrap } from '../../../../test/support/unwrap.ts'
import { hex } from '../../base/bytes.ts'
import { decryptShares } from './decryptShares.ts'
import type { Group } from './group.ts'
import { nobleGroup } from './groupNoble.ts'
import { openDeal } from './openDeal.ts'
import { reconstruct } from './reconstruct.ts'
import { groupOrder } from './scalars.ts'
import { createSharing } from './sharing.ts'
import { isSharingKey, sharingPublicKey } from './sharingKey.ts'
import { testSharing, withByte, withItem } from './testSharing.fixture.ts'
import { verifyDeal } from './verifyDeal.ts'
import { openedSecret, verifyOpening } from './verifyOpening.ts'
import { verifyShares } from './verifyShares.ts'

const powers = [1, 2, 1]
const identity = new Uint8Array(32)
const notCanonical = new Uint8Array(32).fill(255)
/** All sums of products, in the order in which they are asked for. */
const sums: (readonly bigint[])[] = []
const recording: Group = {
  ...nobleGroup,
  sumOfProducts: (points, scalars) => {
    sums.push(scalars)
    return nobleGroup.sumOfProducts(points, scalars)
  },
}
const { sharing, deal: dealOf, dealSeed, decrypt, shareKey } = testSharing(powers)
const deal = dealOf(0)

describe('BEACON-2: who may share', () => {
  const key = sharingPublicKey(new Uint8Array(32).fill(4))
  const place = { chainId: 'test', epoch: 1, committeeRoot: new Uint8Array(32) }
  const made = (...list: readonly number[]): unknown =>
    createSharing({ ...place, seats: list.map((power) => ({ key, power })) })

  it('has 63 shares at most, however they are held, and no seat without one', () => {
    const refused = { ok: false, error: { code: 'SHARING_POWER' } }
    expect(made(63)).toMatchObject({ ok: true, value: { shareCount: 63, threshold: 32 } })
    expect(made(1, 62)).toMatchObject({ ok: true, value: { shareCount: 63 } })
    for (const list of [[64], [1, 63], [0, 1], [1, 0], [-1, 3]]) {
      expect(made(...list)).toEqual(refused)
    }
    const seats = [{ key: notCanonical, power: 64 }]
    expect(createSharing({ ...place, seats })).toEqual(refused)
  })

  it('names an element other than the identity, in its only encoding', () => {
    expect(isSharingKey(key)).toBe(true)
    for (const bad of [identity, notCanonical, key.subarray(1)]) {
      expect(isSharingKey(bad)).toBe(false)
    }
  })
})

describe('BEACON-3: the test of the degree', () => {
  it('hangs on the sharing, the dealer and all that was dealt', () => {
    const wordOf = (change: object, chainId = 'test'): string => {
      const other = testSharing(powers, { chainId, group: recording })
      sums.length = 0
      verifyDeal(other.sharing, { ...deal, ...change })
      return String(sums[0])
    }
    const { commitments, encryptedShares } = deal
    const first = commitments.subarray(0, 32)
    const words = [
      wordOf({}),
      wordOf({}, 'tesu'),
      wordOf({ dealer: 1 }),
      wordOf({ commitments: withItem(commitments, 1, first) }),
      wordOf({ encryptedShares: withItem(encryptedShares, 1, first) }),
    ]
    expect(words[0]?.split(',')).toHaveLength(5)
    expect(new Set(words).size).toBe(words.length)
    expect(wordOf({})).toBe(words[0])
  })

  it('uses the same weights the first time as later', async () => {
    vi.resetModules()
    const { dualWord } = await import('./polynomial.ts')
    // Places 0 to 3: the products of differences are −6, 2, −2 and 6.
    const expected = [-6n, 2n, -2n, 6n]
    for (const word of [dualWord(4, [1n]), dualWord(4, [1n])]) {
      const products = word.map((weight, place) => weight * expected[place]!)
      const residues = products.map((one) => ((one % groupOrder) + groupOrder) % groupOrder)
      expect(residues).toEqual([1n, 1n, 1n, 1n])
      expect(word.every((weight) => weight > 0n && weight < groupOrder)).toBe(true)
    }
  })
})

describe('BEACON-4: an opening', () => {
  it('of a deal whose commitment is no element names the deal', () => {
    const spoilt = { ...deal, commitments: withItem(deal.commitments, 0, notCanonical) }
    expect(verifyOpening(spoilt, openDeal(sharing, 0, dealSeed(0)))).toEqual({
      ok: false,
      error: { code: 'DEAL_POINT', field: 'commitments', index: 0 },
    })
  })

  it('gives its secret without the deal; what is no number from 1 to the order gives none', () => {
    const opening = openDeal(sharing, 0, dealSeed(0))
    const secret = unwrap(verifyOpening(deal, opening))
    expect(hex(openedSecret(opening)!)).toBe(hex(secret))
    expect(openedSecret({ secret: withByte(opening.secret, 0) })).not.toEqual(secret)
    for (const bad of [identity, notCanonical, opening.secret.subarray(1)]) {
      expect(openedSecret({ secret: bad })).toBeUndefined()
    }
  })
})

describe('BEACON-5: shares', () => {
  it('of a deal that holds no elements for the seat are neither made nor taken', () => {
    const spoilt = {
      ...deal,
      encryptedShares: withItem(deal.encryptedShares, 2, notCanonical),
    }
    const error = { code: 'DEAL_POINT', field: 'encryptedShares', index: 2 }
    expect(decryptShares(sharing, spoilt, shareKey(1))).toEqual({ ok: false, error })
    expect(verifyShares(sharing, spoilt, decrypt(deal, 1))).toEqual({ ok: false, error })
    // The other seats' shares are there.
    expect(verifyShares(sharing, spoilt, decrypt(spoilt, 0)).ok).toBe(true)
  })

  it('that cannot be read give no secret, and more than are needed cost nothing', () => {
    const list = powers.map((_, seat) => decrypt(deal, seat))
    const [first, second, third] = list
    const bad = (change: object) => reconstruct(sharing, [first!, { ...second!, ...change }])
    expect(bad({ seat: 3 })).toEqual({ ok: false, error: { code: 'SHARE_SEAT' } })
    const half = second!.points.subarray(32)
    expect(bad({ points: half })).toEqual({ ok: false, error: { code: 'SHARE_LENGTH' } })
    const recorded = testSharing(powers, { group: recording }).sharing
    sums.length = 0
    reconstruct(recorded, [first!, second!, third!])
    expect(sums.map((scalars) => scalars.length)).toEqual([sharing.threshold])
  })
})
