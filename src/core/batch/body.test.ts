import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Body, type BodyPart } from '../codec/chain.ts'
import { BatchPool } from './batchPool.ts'
import { compactBody } from './compactBody.ts'
import { expandBody } from './expandBody.ts'
import { batchLimits } from './limits.ts'

const none = new Uint8Array(0)
const bodyBytesMax = 100_000

function poolWith(batches: readonly (readonly Uint8Array[])[]): BatchPool {
  const pool = new BatchPool({ epoch: 3, attempt: 0, powers: [1, 1, 1, 1], quorumPower: 3, own: 0 })
  for (const [index, transactions] of batches.entries()) {
    pool.add({ epoch: 3, attempt: 0, seat: index % 4, transactions: [...transactions] })
  }
  return pool
}

function expand(pool: BatchPool, parts: readonly BodyPart[]): ReturnType<typeof expandBody> {
  return expandBody(parts, (digest) => pool.get(digest)?.transactions, bodyBytesMax)
}

/** Different transactions: their first bytes count. */
function transactions(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_none, index) => {
    return Uint8Array.of(1, index >> 8, index & 255, 7, 7, 7)
  })
}

describe('BATCH-3: a body by parts', () => {
  it('is the same body again, whatever was batched and in whatever order it stands', () => {
    const all = transactions(60)
    const cut = fc.record({
      ends: fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 6 }),
      order: fc.shuffledSubarray([...all.keys()]),
    })
    fc.assert(
      fc.property(cut, ({ ends, order }) => {
        let from = 0
        const batches = ends.map((length) => all.slice(from, (from += length)))
        const pool = poolWith(batches.filter(({ length }) => length > 0))
        const chosen = order.flatMap((index) => all[index] ?? [])
        const parts = compactBody(chosen, (bytes) => pool.placeOf(bytes))
        const expanded = expand(pool, parts)
        expect(expanded).toEqual({ ok: true, value: Body.encode({ transactions: chosen }) })
      }),
    )
  })

  it('is a digest and a bitmap for what stands in one batch, in its order', () => {
    const all = transactions(17)
    const pool = poolWith([all])
    const chosen = all.filter((_one, index) => index !== 4)
    const parts = compactBody(chosen, (bytes) => pool.placeOf(bytes))
    expect(parts).toEqual([
      { transaction: none, batch: parts[0]?.batch, included: Uint8Array.of(0xef, 0xff, 1) },
    ])
    expect(parts[0]?.batch).toHaveLength(32)
  })

  it('names the batches that are not held', () => {
    const pool = poolWith([])
    const parts = [1, 2].map((byte) => {
      return { transaction: none, batch: new Uint8Array(32).fill(byte), included: Uint8Array.of(1) }
    })
    const digests = parts.map(({ batch }) => batch)
    expect(expand(pool, parts)).toEqual({ ok: false, error: { code: 'BATCHES_MISSING', digests } })
  })

  const pool = poolWith([transactions(9)])
  const [held] = compactBody(transactions(9), (bytes) => pool.placeOf(bytes))
  const batch = held?.batch ?? none
  it.each<[string, BodyPart]>([
    ['nothing', { transaction: none, batch: none, included: none }],
    ['both', { transaction: Uint8Array.of(1), batch, included: Uint8Array.of(1, 0) }],
    ['a bitmap without a batch', { transaction: Uint8Array.of(1), batch: none, included: batch }],
    ['a batch without a bitmap', { transaction: none, batch, included: none }],
    ['a digest that is cut', { transaction: none, batch: batch.slice(1), included: none }],
    ['a bitmap that is short', { transaction: none, batch, included: Uint8Array.of(1) }],
    ['a bitmap that is long', { transaction: none, batch, included: Uint8Array.of(1, 0, 0) }],
    ['a bitmap of nothing', { transaction: none, batch, included: Uint8Array.of(0, 0) }],
    ['a bit beyond the end', { transaction: none, batch, included: Uint8Array.of(1, 2) }],
  ])('is refused with %s', (_name, part) => {
    expect(expand(pool, [part])).toEqual({ ok: false, error: { code: 'PARTS_MALFORMED' } })
  })

  it('is refused when it would be larger than a body may be, long before it is written', () => {
    const many = { transaction: none, batch, included: Uint8Array.of(0xff, 1) }
    const parts = Array.from({ length: batchLimits.partsMax }, () => many)
    expect(expand(pool, parts)).toEqual({ ok: false, error: { code: 'PARTS_SIZE' } })
    expect(expand(pool, [...parts, many])).toEqual({ ok: false, error: { code: 'PARTS_SIZE' } })
  })
})
