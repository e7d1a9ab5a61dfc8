import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { unwrap } from '../../../../test/support/unwrap.ts'
import { concat, hex } from '../../base/bytes.ts'
import { Deal } from '../../codec/sharing.ts'
import { totalPowerMax } from '../../committee/quorum.ts'
import { dealChallenge } from './dealChallenge.ts'
import { itemAt, type Point } from './group.ts'
import { nobleGroup as group } from './groupNoble.ts'
import { valueAt } from './polynomial.ts'
import {
  decodeScalar,
  encodeScalar,
  groupOrder,
  multiplyScalars,
  subtractScalars,
} from './scalars.ts'
import { challengeScalar } from './transcript.ts'
import { dealCoefficients, dealPolynomial } from './makeDeal.ts'
import { createSharing, sharesMax } from './sharing.ts'
import { dealBytesMax, decodeDeal } from './sharingBytes.ts'
import { sharingPublicKey } from './sharingKey.ts'
import { multipleOf, sumOf, testSharing, withByte, withItem } from './testSharing.fixture.ts'
import { verifyDeal } from './verifyDeal.ts'

const four = testSharing([1, 1, 1, 1])
const deal = four.deal(2)
const identity = new Uint8Array(32)
const notCanonical = new Uint8Array(32).fill(255)
const otherPoint = group.encode([multipleOf(11n)])

/** The number in 32 bytes, least first, whatever its size. */
function littleEndian(value: bigint): Uint8Array {
  return new Uint8Array(Buffer.from(value.toString(16).padStart(64, '0'), 'hex')).reverse()
}

function littleEndianValue(bytes: Uint8Array): bigint {
  return BigInt(`0x${hex(bytes.toReversed())}`)
}

/** The point added to itself so often: slow, and nothing but the group's addition. */
function naiveMultiple(point: Point, times: bigint): Point {
  if (times === 1n) return point
  const half = naiveMultiple(point, times / 2n)
  const even = sumOf(half, half)
  return times % 2n === 0n ? even : sumOf(even, point)
}

describe('BEACON-2: a sharing', () => {
  it('has a majority of the power as threshold, and room for every committee', () => {
    const thresholds = [[1], [1, 1, 1, 1], [2, 1, 2], Array.from({ length: 21 }, () => 1)].map(
      (powers) => testSharing(powers).sharing.threshold,
    )
    expect(thresholds).toEqual([1, 3, 3, 11])
    expect(sharesMax).toBe(totalPowerMax)
  })

  const key = sharingPublicKey(new Uint8Array(32).fill(4))
  const place = { chainId: 'test', epoch: 1, committeeRoot: new Uint8Array(32) }

  it.each([
    ['no seats', []],
    ['no power', [{ key, power: 0 }]],
    ['part of a power', [{ key, power: 1.5 }]],
    ['64 shares', Array.from({ length: 32 }, () => ({ key, power: 2 }))],
  ])('refuses %s', (_name, seats) => {
    expect(createSharing({ ...place, seats })).toEqual({
      ok: false,
      error: { code: 'SHARING_POWER' },
    })
  })

  it.each([identity, notCanonical, key.subarray(1)])('refuses a key that is no element', (bad) => {
    const seats = [
      { key, power: 1 },
      { key: bad, power: 1 },
    ]
    expect(createSharing({ ...place, seats })).toEqual({
      ok: false,
      error: { code: 'SHARING_KEY', seat: 1 },
    })
  })
})

describe('BEACON-3: a deal', () => {
  it('of any seat is taken, whatever the powers', () => {
    const power = fc.integer({ min: 1, max: 6 })
    fc.assert(
      fc.property(fc.array(power, { minLength: 1, maxLength: 3 }), fc.nat(), (powers, any) => {
        const { sharing, deal: dealOf } = testSharing(powers)
        expect(verifyDeal(sharing, dealOf(any % powers.length)).ok).toBe(true)
      }),
      { numRuns: 5 },
    )
  })

  it('is what a naive reference makes', () => {
    const { sharing, dealSeed } = four
    const p = dealCoefficients(sharing, 2, dealSeed(2))
    const values = [0n, 1n, 2n, 3n, 4n].map((x) => (p[0]! + p[1]! * x + p[2]! * x * x) % groupOrder)
    expect(p).toHaveLength(3)
    const commitments = values.map((value) => naiveMultiple(group.generator, value))
    expect(hex(deal.commitments)).toBe(hex(group.encode(commitments)))
    const shares = sharing.seats.map(({ key }, index) => naiveMultiple(key, values[index + 1]!))
    expect(hex(deal.encryptedShares)).toBe(hex(group.encode(shares)))
  })

  it('is decoded strictly, and the largest one fits', () => {
    const bytes = Deal.encode(deal)
    expect(unwrap(decodeDeal(bytes))).toEqual(deal)
    expect(decodeDeal(concat(bytes, Uint8Array.of(0))).ok).toBe(false)
    const largest = Deal.encode({
      epoch: Number.MAX_SAFE_INTEGER,
      dealer: 20,
      commitments: new Uint8Array(64 * 32),
      encryptedShares: new Uint8Array(63 * 32),
      challenge: new Uint8Array(16),
      responses: new Uint8Array(63 * 32),
    })
    expect(decodeDeal(largest).ok).toBe(true)
    expect(decodeDeal(new Uint8Array(dealBytesMax + 1))).toMatchObject({
      error: { code: 'DECODE_TOO_LARGE' },
    })
  })

  it('of a polynomial of higher degree is refused, though its proof holds', () => {
    const { sharing, dealSeed } = four
    const p = dealCoefficients(sharing, 2, dealSeed(2))
    expect(verifyDeal(sharing, dealPolynomial(sharing, 2, p, dealSeed(2))).ok).toBe(true)
    const higher = dealPolynomial(sharing, 2, [...p, 1n], dealSeed(2))
    expect(verifyDeal(sharing, higher)).toEqual({ ok: false, error: { code: 'DEAL_DEGREE' } })
  })

  it.each([
    ['encryptedShares', 0],
    ['encryptedShares', 3],
    ['commitments', 1],
    ['commitments', 4],
  ] as const)('whose dealer proves a wrong item of %s at %i is refused', (field, wrong) => {
    const { sharing, dealSeed } = four
    const p = dealCoefficients(sharing, 2, dealSeed(2))
    const nonces = [5n, 6n, 7n, 8n]
    const proved = (statement: Pick<Deal, 'commitments' | 'encryptedShares'>): Deal => {
      const challenge = dealChallenge(
        sharing,
        { dealer: 2, ...statement },
        {
          commitments: nonces.map((nonce) => multipleOf(nonce)),
          encryptedShares: sharing.seats.map(({ key }, index) => multipleOf(nonces[index]!, key)),
        },
      )
      const factor = challengeScalar(challenge)
      const responses = nonces.map((nonce, index) =>
        encodeScalar(subtractScalars(nonce, multiplyScalars(factor, valueAt(p, index + 1)))),
      )
      return { epoch: 7, dealer: 2, ...statement, challenge, responses: concat(...responses) }
    }
    const honest = { commitments: deal.commitments, encryptedShares: deal.encryptedShares }
    expect(verifyDeal(sharing, proved(honest)).ok).toBe(true)
    const changed = { ...honest, [field]: withItem(honest[field], wrong, otherPoint) }
    const code = field === 'commitments' ? 'DEAL_DEGREE' : 'DEAL_PROOF'
    expect(verifyDeal(sharing, proved(changed))).toEqual({ ok: false, error: { code } })
  })

  it('with commitments of another polynomial than the shares is refused', () => {
    const { sharing, dealSeed } = four
    const other = dealPolynomial(sharing, 2, [1n, 2n, 3n], dealSeed(2))
    const mixed = { ...deal, commitments: other.commitments }
    expect(verifyDeal(sharing, mixed)).toEqual({ ok: false, error: { code: 'DEAL_PROOF' } })
  })

  it('of another seat cannot be moved by a known polynomial', () => {
    const { sharing } = four
    const q = (place: number): bigint => BigInt(7 + 5 * place)
    const shifted = (field: 'commitments' | 'encryptedShares', offset: number): Uint8Array => {
      const bases = [group.generator, ...sharing.seats.map(({ key }) => key)]
      const count = deal[field].length / 32
      const points = Array.from({ length: count }, (_, index) => {
        const base = field === 'commitments' ? group.generator : bases[index + 1]!
        const point = group.decode(itemAt(deal[field], index))!
        return sumOf(point, multipleOf(q(index + offset), base))
      })
      return group.encode(points)
    }
    const factor = challengeScalar(deal.challenge)
    const responses = sharing.seats.map((_, index) => {
      const response = decodeScalar(itemAt(deal.responses, index))!
      return encodeScalar(subtractScalars(response, multiplyScalars(factor, q(index + 1))))
    })
    const moved: Deal = {
      ...deal,
      commitments: shifted('commitments', 0),
      encryptedShares: shifted('encryptedShares', 1),
      responses: concat(...responses),
    }
    // The equations of the proof hold; only the challenge covers what was said.
    expect(verifyDeal(sharing, moved)).toEqual({ ok: false, error: { code: 'DEAL_PROOF' } })
    expect(verifyDeal(sharing, { ...moved, dealer: 0 })).toMatchObject({ ok: false })
  })

  it('belongs to one chain, epoch, committee, list of keys, list of powers and dealer', () => {
    const wrongPlaces = [
      testSharing([1, 1, 1, 1], { chainId: 'tesu' }),
      testSharing([1, 1, 1, 1], { committeeRoot: new Uint8Array(32).fill(1) }),
    ]
    const failed = { ok: false, error: { code: 'DEAL_PROOF' } }
    // The test of the degree passes: the code is the same in all places.
    for (const { sharing } of wrongPlaces) expect(verifyDeal(sharing, deal)).toEqual(failed)
    const later = testSharing([1, 1, 1, 1], { epoch: 8 })
    expect(verifyDeal(later.sharing, deal)).toEqual({
      ok: false,
      error: { code: 'DEAL_EPOCH', epoch: 7 },
    })
    expect(verifyDeal(later.sharing, { ...deal, epoch: 8 })).toEqual(failed)
    for (const dealer of [0, 1, 3]) {
      expect(verifyDeal(four.sharing, { ...deal, dealer })).toEqual(failed)
    }
    expect(verifyDeal(four.sharing, { ...deal, dealer: 4 })).toEqual({
      ok: false,
      error: { code: 'DEAL_DEALER' },
    })
    const weighted = testSharing([2, 1, 1])
    expect(verifyDeal(weighted.sharing, deal)).toEqual(failed)
  })

  const { commitments, encryptedShares, challenge, responses } = deal
  it.each([
    [
      'a share of another number',
      'DEAL_PROOF',
      { encryptedShares: withItem(encryptedShares, 1, otherPoint) },
    ],
    [
      'two shares exchanged',
      'DEAL_PROOF',
      {
        encryptedShares: withItem(
          withItem(encryptedShares, 0, itemAt(encryptedShares, 1)),
          1,
          itemAt(encryptedShares, 0),
        ),
      },
    ],
    [
      'a share that is the identity',
      'DEAL_POINT',
      { encryptedShares: withItem(encryptedShares, 3, identity) },
    ],
    [
      'a share that is no element',
      'DEAL_POINT',
      { encryptedShares: withItem(encryptedShares, 3, notCanonical) },
    ],
    ['another commitment', 'DEAL_DEGREE', { commitments: withItem(commitments, 2, otherPoint) }],
    [
      'another commitment to the secret',
      'DEAL_DEGREE',
      { commitments: withItem(commitments, 0, otherPoint) },
    ],
    [
      'a commitment that is the identity',
      'DEAL_POINT',
      { commitments: withItem(commitments, 0, identity) },
    ],
    ['another challenge', 'DEAL_PROOF', { challenge: withByte(challenge, 15) }],
    ['another response', 'DEAL_PROOF', { responses: withItem(responses, 2, encodeScalar(5n)) }],
    [
      'a response above the order',
      'DEAL_SCALAR',
      {
        responses: withItem(
          responses,
          2,
          littleEndian(littleEndianValue(itemAt(responses, 2)) + groupOrder),
        ),
      },
    ],
    ['a response of zero', 'DEAL_SCALAR', { responses: withItem(responses, 0, identity) }],
    ['a commitment too few', 'DEAL_LENGTH', { commitments: commitments.subarray(32) }],
    [
      'half a share too much',
      'DEAL_LENGTH',
      { encryptedShares: concat(encryptedShares, new Uint8Array(16)) },
    ],
    ['a response too few', 'DEAL_LENGTH', { responses: responses.subarray(32) }],
    ['a short challenge', 'DEAL_LENGTH', { challenge: challenge.subarray(1) }],
  ])('with %s is refused: %s', (_name, code, change) => {
    expect(verifyDeal(four.sharing, { ...deal, ...change })).toMatchObject({
      ok: false,
      error: { code },
    })
  })

  it('with any bit changed is refused', () => {
    const bytes = Deal.encode(deal)
    fc.assert(
      fc.property(fc.nat({ max: 8 * bytes.length - 1 }), (bit) => {
        const spoilt = Uint8Array.from(bytes)
        spoilt[bit >> 3] = spoilt[bit >> 3]! ^ (1 << (bit & 7))
        const decoded = decodeDeal(spoilt)
        expect(decoded.ok && verifyDeal(four.sharing, decoded.value).ok).toBe(false)
      }),
      { numRuns: 60 },
    )
  })
})
