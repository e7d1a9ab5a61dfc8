import { describe, expect, it } from 'vitest'
import { unwrap } from '../../../test/support/unwrap.ts'
import { u32be } from '../base/bytes.ts'
import { hash } from '../crypto/hash.ts'
import { decryptSum } from './decryptSum.ts'
import { generator, groupOrder, identity, Point, times } from './group.ts'
import {
  addCommitments,
  addKeyShares,
  checkKeyShare,
  dealKey,
  publicShare,
  wellnessKey,
  type KeyCommitments,
} from './keyShares.ts'
import { decodeShare, encodeShare, makeShare, shareBytes } from './makeShare.ts'
import { decryptPartially, partialBytes, verifyPartial, type Partial } from './partialDecryption.ts'
import { noiseMax, peopleMax, peopleMin, stepsMax } from './rules.ts'
import { smallLogarithm } from './smallLogarithm.ts'
import { sumShares, type EncryptedSum, type PersonShare } from './sumShares.ts'

const seedOf = (index: number): Uint8Array => hash('keyDerivation', u32be(index))
const [threshold, holders] = [4, 7]

/** Three dealers, whose deals are added up. */
const deals = [1, 2, 3].map((dealer) => dealKey(threshold, holders, seedOf(dealer)))
const commitments: KeyCommitments = addCommitments(deals.map((deal) => deal.commitments))
const key = wellnessKey(commitments)
const keyShares = Array.from({ length: holders }, (_, index) =>
  addKeyShares(deals.map((deal) => deal.shares[index] ?? 0n)),
)

const made = Array.from({ length: peopleMin }, (_, index) => {
  const steps = index % (stepsMax + 1)
  return { steps, nullifier: BigInt(5000 + index), ...makeShare(steps, key, seedOf(1000 + index)) }
})
const people: readonly PersonShare[] = made
const sum: EncryptedSum = unwrap(sumShares(people))

function partialsOf(places: readonly number[], of = sum): Partial[] {
  return places.map((place) => {
    const bytes = decryptPartially(of, place, keyShares[place - 1] ?? 0n)
    return unwrap(verifyPartial(of, place, commitments, bytes))
  })
}

describe('PRIV-2: a sum over a hundred people', () => {
  it('is what they said with their noise, whichever holders decrypt it', () => {
    const said = made.reduce((total, { steps }) => total + steps, 0)
    const noise = made.reduce((t, { opening, steps }) => t + opening.message - steps - noiseMax, 0)
    expect(Math.abs(noise)).toBeGreaterThan(0)
    for (const places of [
      [1, 2, 3, 4],
      [7, 5, 3, 1],
      [2, 4, 6, 7, 1],
    ]) {
      const opened = unwrap(decryptSum(sum, commitments, partialsOf(places)))
      expect(opened.steps).toBe(said + noise)
      expect(opened.people).toBe(peopleMin)
      // Five standard deviations of what the rule says.
      expect(Math.abs(opened.steps - said)).toBeLessThan(5 * Math.sqrt(opened.noiseVariance))
    }
  })

  it('is not decrypted by fewer holders, nor by one that is counted twice', () => {
    const few = partialsOf([1, 2, 3])
    const refused = { code: 'WELLNESS_PARTIALS_TOO_FEW', partials: 3, of: threshold }
    expect(decryptSum(sum, commitments, few)).toMatchObject({ ok: false, error: refused })
    const twice = decryptSum(sum, commitments, [...few, ...few])
    expect(twice).toMatchObject({ ok: false, error: refused })
  })

  it('is not begun over fewer, over too many, or over one person twice', () => {
    const few = sumShares(people.slice(1))
    expect(few).toMatchObject({ error: { code: 'WELLNESS_TOO_FEW', people: 99, peopleMin: 100 } })
    const [first] = people
    const twice = sumShares([...people, ...(first === undefined ? [] : [first])])
    expect(twice).toMatchObject({ error: { code: 'WELLNESS_PERSON_TWICE', index: 100 } })
    const many = Array.from({ length: peopleMax + 1 }, () => people).flatMap(([one]) => one ?? [])
    expect(sumShares(many)).toMatchObject({ error: { code: 'WELLNESS_TOO_MANY', peopleMax } })
  })

  it('with a share that holds no number in range says so', () => {
    const share = { first: identity, second: times(generator, groupOrder - 900_000n) }
    const wrong = unwrap(sumShares([...people, { nullifier: 1n, share }]))
    const opened = decryptSum(wrong, commitments, partialsOf([1, 2, 3, 4], wrong))
    expect(opened).toEqual({ ok: false, error: { code: 'WELLNESS_SUM_OUT_OF_RANGE' } })
  })
})

describe('PRIV-2: holders of the key', () => {
  it('check what a dealer gave them', () => {
    for (const { commitments: dealt, shares } of deals) {
      for (const [index, share] of shares.entries()) {
        expect(checkKeyShare(dealt, index + 1, share).ok).toBe(true)
        expect(checkKeyShare(dealt, index + 2, share).ok).toBe(false)
        expect(checkKeyShare(dealt, index + 1, share + 1n).ok).toBe(false)
      }
    }
    const shown = keyShares.map((share) => times(generator, share))
    expect(shown.every((own, at) => own.equals(publicShare(commitments, at + 1)))).toBe(true)
  })

  it('prove that they used their share, for this sum and no other', () => {
    const right = decryptPartially(sum, 2, keyShares[1] ?? 0n)
    expect(verifyPartial(sum, 2, commitments, right).ok).toBe(true)
    const other = { ...sum, first: sum.first.add(generator) }
    expect(verifyPartial(other, 2, commitments, right).ok).toBe(false)
    expect(verifyPartial({ ...sum, people: 101 }, 2, commitments, right).ok).toBe(false)
    expect(verifyPartial(sum, 3, commitments, right).ok).toBe(false)
    expect(verifyPartial(sum, 2, deals[0]?.commitments ?? [], right).ok).toBe(false)
    const byAnother = decryptPartially(sum, 2, keyShares[2] ?? 0n)
    expect(verifyPartial(sum, 2, commitments, byAnother).ok).toBe(false)
  })

  it('are refused with a code for any byte changed, missing or too many', () => {
    const right = decryptPartially(sum, 1, keyShares[0] ?? 0n)
    expect(right.length).toBe(partialBytes)
    for (let index = 0; index < right.length; index += 1) {
      const bytes = right.slice()
      bytes[index] = (bytes[index] ?? 0) ^ 0x20
      expect(verifyPartial(sum, 1, commitments, bytes)).toEqual({
        ok: false,
        error: { code: 'WELLNESS_PARTIAL_WRONG', place: 1 },
      })
    }
    expect(verifyPartial(sum, 1, commitments, right.slice(1)).ok).toBe(false)
    expect(verifyPartial(sum, 1, commitments, new Uint8Array(partialBytes + 1)).ok).toBe(false)
  })
})

describe('PRIV-2: shares on Baby Jubjub', () => {
  it('use the subgroup of the circuits: BASE8 of EIP-2494', () => {
    const { x, y } = generator.toAffine()
    const [x8, y8] = [
      '5299619240641551281634865583518297030282874472190772894086521144482721001553',
      '16950150798460657717958625567821834550301663161624707787222815936182638968203',
    ].map(BigInt)
    expect([x, y]).toEqual([x8, y8])
    expect(
      times(generator, groupOrder - 1n)
        .add(generator)
        .is0(),
    ).toBe(true)
  })

  it('come back from their bytes; the same score twice looks different', () => {
    const [one, two] = [1, 2].map((seed) => makeShare(7, key, seedOf(seed)).share)
    if (one === undefined || two === undefined) throw new Error('there are two')
    const bytes = encodeShare(one)
    expect(bytes.length).toBe(shareBytes)
    const read = unwrap(decodeShare(bytes))
    expect(read.first.equals(one.first) && read.second.equals(one.second)).toBe(true)
    expect(encodeShare(two)).not.toEqual(bytes)
    expect(one.first.equals(two.first)).toBe(false)
  })

  it('outside of the subgroup, of another length or not canonical are refused', () => {
    const { p } = Point.CURVE()
    const ofOrderTwo = new Point(0n, p - 1n, 1n, 0n)
    const good = generator.toBytes()
    const wrong = [
      ofOrderTwo.toBytes(),
      generator.add(ofOrderTwo).toBytes(),
      new Uint8Array(32).fill(0xff),
      good.slice(1),
    ]
    for (const bytes of wrong) {
      for (const pair of [
        [bytes, good],
        [good, bytes],
      ]) {
        expect(decodeShare(Uint8Array.from(pair.flatMap((part) => [...part])))).toEqual({
          ok: false,
          error: { code: 'WELLNESS_SHARE_MALFORMED' },
        })
      }
    }
  })

  it('hold numbers of ten bits', () => {
    for (const { opening } of made) {
      expect(opening.message).toBeGreaterThanOrEqual(0)
      expect(opening.message).toBeLessThanOrEqual(stepsMax + 2 * noiseMax)
    }
    expect(stepsMax + 2 * noiseMax).toBeLessThan(1024)
  })
})

describe('PRIV-2: a small logarithm', () => {
  it('is found at both ends and between, and nowhere else', () => {
    for (const highest of [0, 1, 2, 99, 1000]) {
      for (const value of new Set([0, 1, Math.floor(highest / 2), highest])) {
        const found = smallLogarithm(times(generator, BigInt(value)), highest)
        expect(found).toBe(value <= highest ? value : undefined)
      }
      expect(smallLogarithm(times(generator, BigInt(highest + 1)), highest)).toBeUndefined()
      expect(smallLogarithm(times(generator, -1n), highest)).toBeUndefined()
    }
  })
})
