import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hex } from '../../src/core/base/bytes.ts'
import { Deal, DealOpening, DealShares } from '../../src/core/codec/sharing.ts'
import { decodeDeal, decodeDealShares } from '../../src/core/crypto/pvss/sharingBytes.ts'
import { testSharing, type TestSharing } from '../../src/core/crypto/pvss/testSharing.fixture.ts'
import { verifyDeal } from '../../src/core/crypto/pvss/verifyDeal.ts'
import { verifyShares } from '../../src/core/crypto/pvss/verifyShares.ts'
import { unwrap } from '../../test/support/unwrap.ts'
import { SharingEngine } from './engine.ts'
import type { SharingTask } from './protocol.ts'

interface Vector {
  readonly powers: readonly number[]
  readonly deal: string
  readonly opening: string
  readonly shares: readonly string[]
  readonly secret: string
}

const path = new URL('../../test/vectors/sharing.json', import.meta.url)
const vectors = JSON.parse(readFileSync(path, 'utf8')) as readonly Vector[]
const engine = new SharingEngine()
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'))

type Work = SharingTask extends infer T
  ? T extends SharingTask
    ? Omit<T, 'sharing'>
    : never
  : never

/** The engine's answer in this sharing. */
function ask({ input }: TestSharing, work: Work): unknown {
  return unwrap(engine.perform({ ...work, sharing: input }))
}

describe('BEACON-2: the sharing worker', () => {
  it.each(vectors)('makes the frozen vectors of powers $powers and takes them', (vector) => {
    const test = testSharing(vector.powers)
    const dealer = 1
    const seed = test.dealSeed(dealer)
    const deal = ask(test, { kind: 'makeDeal', dealer, seed }) as Deal
    expect(hex(Deal.encode(deal))).toBe(vector.deal)
    expect(ask(test, { kind: 'verifyDeal', deal })).toEqual({ ok: true, value: undefined })
    const opening = ask(test, { kind: 'openDeal', dealer, seed }) as DealOpening
    expect(hex(DealOpening.encode(opening))).toBe(vector.opening)
    const secret = { ok: true, value: bytes(vector.secret) }
    expect(ask(test, { kind: 'verifyOpening', deal, opening })).toEqual(secret)
    const list = vector.powers.map((_, seat) => {
      const answer = ask(test, { kind: 'decryptShares', deal, key: test.shareKey(seat) })
      return unwrap(answer as Parameters<typeof unwrap<DealShares, unknown>>[0])
    })
    expect(list.map((shares) => hex(DealShares.encode(shares)))).toEqual(vector.shares)
    for (const shares of list) {
      expect(ask(test, { kind: 'verifyShares', deal, shares })).toEqual({
        ok: true,
        value: undefined,
      })
    }
    expect(ask(test, { kind: 'reconstruct', list })).toEqual(secret)
  })

  const test = testSharing([1, 2, 1])
  const deal = test.deal(0)
  const shares = test.decrypt(deal, 1)

  it('judges deals with any byte changed as core does', () => {
    const encoded = Deal.encode(deal)
    const codes = new Set<string>()
    fc.assert(
      fc.property(fc.nat(encoded.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const spoilt = Uint8Array.from(encoded)
        spoilt[at] = spoilt[at]! ^ change
        const decoded = decodeDeal(spoilt)
        if (!decoded.ok) return
        const expected = verifyDeal(test.sharing, decoded.value)
        expect(ask(test, { kind: 'verifyDeal', deal: decoded.value })).toEqual(expected)
        if (!expected.ok) codes.add(expected.error.code)
      }),
      { numRuns: 120 },
    )
    expect([...codes]).toEqual(expect.arrayContaining(['DEAL_POINT', 'DEAL_PROOF']))
  })

  it('judges shares with any byte changed as core does', () => {
    const encoded = DealShares.encode(shares)
    fc.assert(
      fc.property(fc.nat(encoded.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const spoilt = Uint8Array.from(encoded)
        spoilt[at] = spoilt[at]! ^ change
        const decoded = decodeDealShares(spoilt)
        if (!decoded.ok) return
        const expected = verifyShares(test.sharing, deal, decoded.value)
        const answer = ask(test, { kind: 'verifyShares', deal, shares: decoded.value })
        expect(answer).toEqual(expected)
      }),
      { numRuns: 80 },
    )
  })

  it('refuses a sharing that core refuses, also when its bytes read like one that it knows', () => {
    const [first, second, third] = test.input.seats
    const moved = {
      ...test.input,
      seats: [
        { ...first!, key: first!.key.subarray(0, 31) },
        { ...second!, key: second!.key },
        third!,
      ],
    }
    expect(engine.perform({ kind: 'verifyDeal', sharing: moved, deal })).toEqual({
      ok: false,
      error: { code: 'SHARING_KEY', seat: 0 },
    })
  })

  it('keeps sharings apart, also more than it remembers', () => {
    const tests = Array.from({ length: 7 }, (_, epoch) => testSharing([1, 1], { epoch }))
    const deals = tests.map((one) => one.deal(1))
    for (const shift of [1, 2]) {
      tests.forEach((one, index) => {
        expect(ask(one, { kind: 'verifyDeal', deal: deals[index]! })).toMatchObject({ ok: true })
        const foreign = { ...deals[index]!, epoch: (index + shift) % 7 }
        const answer = ask(tests[(index + shift) % 7]!, { kind: 'verifyDeal', deal: foreign })
        expect(answer).toEqual({ ok: false, error: { code: 'DEAL_PROOF' } })
      })
    }
  })
})
