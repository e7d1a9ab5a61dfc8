import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { unwrap } from '../../../test/support/unwrap.ts'
import { u32be } from '../base/bytes.ts'
import { hash } from '../crypto/hash.ts'
import { sharesMax } from '../crypto/pvss/sharing.ts'
import { decryptSum } from './decryptSum.ts'
import { encodeScalar, groupOrder, identity } from './group.ts'
import {
  accusationBytes,
  accuseDealer,
  judgeAccusation,
  keyDealBytes,
  makeKeyDeal,
  openKeyShare,
  readKeyDeal,
  type DealtTo,
  type ShownDeal,
} from './keyDeal.ts'
import { holderKey, keyHolders, type KeyHolders } from './keyHolders.ts'
import { addCommitments, addKeyShares, checkKeyShare, wellnessKey } from './keyShares.ts'
import { makeShare } from './makeShare.ts'
import { decryptPartially, verifyPartial } from './partialDecryption.ts'
import { noiseMax, peopleMin, stepsMax } from './rules.ts'
import { sumShares } from './sumShares.ts'

const seedOf = (index: number): Uint8Array => hash('keyDerivation', u32be(index))
/** Seven places of five seats: four of them decrypt. */
const powers = [1, 2, 1, 2, 1]
const secrets = powers.map((_power, seat) => 123_456_789n * BigInt(seat + 7))
const input = {
  chainId: 'emo-test',
  epoch: 41,
  committeeRoot: new Uint8Array(32).fill(9),
  seats: powers.map((power, seat) => ({ key: holderKey(secrets[seat] ?? 1n), power })),
}
const holders = unwrap(keyHolders(input))
const seatOfPlace = powers.flatMap((power, seat) => Array.from({ length: power }, () => seat))
const places = seatOfPlace.map((_seat, index) => index + 1)
const secretAt = (place: number): bigint => secrets[seatOfPlace[place - 1] ?? 0] ?? 1n
const dealOf = (dealer: number): Uint8Array => makeKeyDeal(holders, dealer, seedOf(dealer))
const shown = (bytes: Uint8Array, of = holders): ShownDeal => unwrap(readKeyDeal(of, bytes))

/** The value for a place, changed under its mask: what a dealer does that wants a holder out. */
function spoilt(bytes: Uint8Array, place: number): Uint8Array {
  const at = (holders.threshold + place) * 32
  const value = shown(bytes).masked[place - 1] ?? 0n
  const changed = bytes.slice()
  changed.set(encodeScalar((value + 1n) % groupOrder), at)
  return changed
}

describe('PRIV-2, BEACON-2: a key of sums that the seats of an epoch deal', () => {
  it('reaches its holders as numbers, and a sum is decrypted by any majority of the power', () => {
    const accused = 2
    const bytes = powers.map((_power, dealer) =>
      dealer === accused ? spoilt(dealOf(dealer), 3) : dealOf(dealer),
    )
    const deals = bytes.map((one) => shown(one))
    const opened = deals.map((deal, dealer) =>
      places.map((place) => openKeyShare(holders, deal, { dealer, place }, secretAt(place))),
    )
    const wrong = opened.flatMap((values, dealer) =>
      values.flatMap((value, index) => (value.ok ? [] : [{ dealer, place: index + 1 }])),
    )
    expect(wrong).toEqual([{ dealer: accused, place: 3 }])
    const [to] = wrong
    const deal = deals[accused]
    if (to === undefined || deal === undefined) throw new Error('one dealer is wrong')
    const accusation = accuseDealer(holders, deal, to, secretAt(to.place))
    expect(judgeAccusation(holders, deal, to, accusation)).toEqual({ ok: true, value: undefined })

    const qualified = deals.filter((_deal, dealer) => dealer !== accused)
    const commitments = addCommitments(qualified.map((one) => one.commitments))
    const keyShares = places.map((_place, index) =>
      addKeyShares(
        opened.flatMap((values, dealer) => {
          const value = values[index]
          return dealer === accused || value?.ok !== true ? [] : [value.value]
        }),
      ),
    )
    for (const place of places) {
      expect(checkKeyShare(commitments, place, keyShares[place - 1] ?? 0n).ok).toBe(true)
    }
    const key = wellnessKey(commitments)
    const people = Array.from({ length: peopleMin }, (_, index) => ({
      ...makeShare(index % (stepsMax + 1), key, seedOf(1000 + index)),
      nullifier: BigInt(index),
    }))
    const said = people.reduce((sum, { opening }) => sum + opening.message - noiseMax, 0)
    const sum = unwrap(sumShares(people))
    // Seats 0, 1 and 3 hold five of seven places.
    const partials = [1, 2, 3, 5].map((place) => {
      const part = decryptPartially(sum, place, keyShares[place - 1] ?? 0n)
      return unwrap(verifyPartial(sum, place, commitments, part))
    })
    expect(unwrap(decryptSum(sum, commitments, partials)).steps).toBe(said)
    const minority = decryptSum(sum, commitments, partials.slice(0, 3))
    expect(minority).toMatchObject({ ok: false, error: { code: 'WELLNESS_PARTIALS_TOO_FEW' } })
  })

  it('is dealt again from the same seed as the same bytes, and otherwise in nothing alike', () => {
    expect(dealOf(1)).toEqual(dealOf(1))
    const later = unwrap(keyHolders({ ...input, epoch: 42 }))
    const others = [
      makeKeyDeal(holders, 2, seedOf(1)),
      makeKeyDeal(holders, 1, seedOf(2)),
      makeKeyDeal(later, 1, seedOf(1)),
    ]
    const parts = (bytes: Uint8Array): string[] =>
      Array.from({ length: bytes.length / 32 }, (_none, index) =>
        bytes.subarray(index * 32, index * 32 + 32).join(),
      )
    const own = new Set(parts(dealOf(1)))
    expect(others.flatMap(parts).filter((part) => own.has(part))).toEqual([])
  })

  it('of other holders, or for another dealer or place, opens nowhere', () => {
    const deal = shown(dealOf(1))
    const later = unwrap(keyHolders({ ...input, epoch: 42 }))
    const open = (of: KeyHolders, to: DealtTo, secret: bigint): string => {
      const opened = openKeyShare(of, deal, to, secret)
      return opened.ok ? 'ok' : opened.error.code
    }
    expect(open(holders, { dealer: 1, place: 2 }, secretAt(2))).toBe('ok')
    expect([
      open(later, { dealer: 1, place: 2 }, secretAt(2)),
      open(holders, { dealer: 0, place: 2 }, secretAt(2)),
      // Two places of one seat have one key and two masks.
      open(holders, { dealer: 1, place: 2 }, secretAt(1)),
    ]).toEqual(Array.from({ length: 3 }, () => 'WELLNESS_KEY_SHARE_WRONG'))
    const swapped = { ...deal, masked: [...deal.masked.slice(0, 1), ...deal.masked.slice(2, 3)] }
    expect(openKeyShare(holders, swapped, { dealer: 1, place: 2 }, secretAt(2)).ok).toBe(false)
  })
})

describe('PRIV-2: deals and accusations from outside', () => {
  it('no changed deal is taken without a holder who finds it wrong', () => {
    const bytes = dealOf(3)
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = bytes.map((byte, index) => (index === at ? byte ^ change : byte))
        const deal = readKeyDeal(holders, changed)
        if (!deal.ok) return deal.error.code === 'WELLNESS_DEAL_MALFORMED'
        return places.some(
          (place) => !openKeyShare(holders, deal.value, { dealer: 3, place }, secretAt(place)).ok,
        )
      }),
      { numRuns: 60 },
    )
  })

  it('a deal has the length that its holders ask for, and no identity as its key', () => {
    const bytes = dealOf(3)
    expect(bytes.length).toBe(keyDealBytes(holders))
    for (const other of [bytes.slice(1), new Uint8Array(0), Uint8Array.of(...bytes, 0)]) {
      expect(readKeyDeal(holders, other)).toMatchObject({ ok: false })
    }
    const open = bytes.slice()
    open.set(identity.toBytes(), holders.threshold * 32)
    const malformed = { ok: false, error: { code: 'WELLNESS_DEAL_MALFORMED' } }
    expect(readKeyDeal(holders, open)).toEqual(malformed)
    const large = bytes.slice()
    large.fill(255, -32)
    expect(readKeyDeal(holders, large)).toEqual(malformed)
  })

  it('an accusation holds for one holder, dealer and deal, and against a wrong one alone', () => {
    const right = shown(dealOf(1))
    const wrong = shown(spoilt(dealOf(1), 4))
    const to = { dealer: 1, place: 4 }
    const judge = (deal: ShownDeal, at: DealtTo, bytes: Uint8Array): string => {
      const judged = judgeAccusation(holders, deal, at, bytes)
      return judged.ok ? 'guilty' : judged.error.code
    }
    const accusation = accuseDealer(holders, wrong, to, secretAt(4))
    expect(accusation.length).toBe(accusationBytes)
    expect(judge(wrong, to, accusation)).toBe('guilty')
    const malformed = 'WELLNESS_ACCUSATION_MALFORMED'
    expect([
      judge(wrong, { ...to, place: 5 }, accusation),
      judge(wrong, { ...to, dealer: 0 }, accusation),
      judge(wrong, { ...to, place: 0 }, accusation),
      judge(wrong, { ...to, place: 8 }, accusation),
      judge(shown(dealOf(0)), to, accusation),
      judge(wrong, to, accusation.slice(1)),
      judge(wrong, to, accuseDealer(holders, wrong, to, secretAt(1))),
    ]).toEqual(Array.from({ length: 7 }, () => malformed))
    for (let at = 0; at < accusation.length; at += 7) {
      const changed = accusation.map((byte, index) => (index === at ? byte ^ 4 : byte))
      expect(judge(wrong, to, changed)).toBe(malformed)
    }
    const falsely = accuseDealer(holders, right, to, secretAt(4))
    expect(judge(right, to, falsely)).toBe('WELLNESS_ACCUSATION_FALSE')
  })

  it('holders have keys of the subgroup, and no more places than the beacon has shares', () => {
    const code = (seats: typeof input.seats): string => {
      const made = keyHolders({ ...input, seats })
      return made.ok ? 'ok' : made.error.code
    }
    const seat = { key: holderKey(5n), power: 1 }
    expect(code([seat])).toBe('ok')
    expect(code([{ ...seat, power: sharesMax }])).toBe('ok')
    expect(code([{ ...seat, power: sharesMax + 1 }])).toBe('WELLNESS_HOLDER_POWER')
    expect(code([{ ...seat, power: sharesMax }, seat])).toBe('WELLNESS_HOLDER_POWER')
    expect(code([{ ...seat, power: 0 }])).toBe('WELLNESS_HOLDER_POWER')
    expect(code([])).toBe('WELLNESS_HOLDER_POWER')
    expect(code([{ ...seat, key: identity.toBytes() }])).toBe('WELLNESS_HOLDER_KEY')
    expect(code([{ ...seat, key: new Uint8Array(31) }])).toBe('WELLNESS_HOLDER_KEY')
    expect(code([{ ...seat, key: new Uint8Array(32).fill(255) }])).toBe('WELLNESS_HOLDER_KEY')
  })
})
