import { describe, expect, it } from 'vitest'
import type { Batch } from '../codec/chain.ts'
import { batchDigest } from './batchDigest.ts'
import { BatchPool, type Added, type HeldBatch } from './batchPool.ts'
import { batchLimits } from './limits.ts'

const epoch = 5
const attempt = 1

function newPool(powers = [1, 1, 1, 1], quorumPower = 3): BatchPool {
  return new BatchPool({ epoch, attempt, powers, quorumPower, own: 0 })
}

function batchOf(seat: number, number: number, sizeBytes = 8): Batch {
  const transaction = new Uint8Array(sizeBytes).fill(seat)
  new DataView(transaction.buffer).setUint32(0, number)
  return { epoch, attempt, seat, transactions: [transaction] }
}

function heldOf(added: Added): HeldBatch {
  if (added.type !== 'added') throw new Error(`the batch is ${added.type}`)
  return added.batch
}

describe('BATCH-2: a batch is ready when a quorum of the power holds it', () => {
  it('its author, this seat, and who says so; each seat once', () => {
    const pool = newPool()
    const held = heldOf(pool.add(batchOf(1, 1)))
    expect(pool.isReady(held)).toBe(false)
    pool.noteHeld(1, [held.digest])
    expect(pool.isReady(held)).toBe(false)
    pool.noteHeld(2, [held.digest])
    expect(pool.isReady(held)).toBe(true)
    expect(pool.holdersOf(held.digest)).toEqual([1, 2])
  })

  it('counts power, and what was said before the batch came', () => {
    const pool = newPool([1, 1, 5, 2], 7)
    const batch = batchOf(1, 1)
    pool.noteHeld(2, [batchDigest(batch)])
    expect(pool.isReady(heldOf(pool.add(batch)))).toBe(true)
  })

  it('a batch that was fetched says nothing of its author', () => {
    const pool = newPool()
    const held = heldOf(pool.add(batchOf(1, 1), 'fetched'))
    expect(pool.holdersOf(held.digest)).toEqual([])
  })

  it('tells the others each batch of theirs once, and none of its own', () => {
    const pool = newPool()
    pool.add(batchOf(0, 1))
    expect(pool.hasUnsaid).toBe(false)
    const held = heldOf(pool.add(batchOf(1, 1)))
    pool.add(batchOf(1, 1))
    expect(pool.takeUnsaid()).toEqual([held.digest])
    expect(pool.takeUnsaid()).toEqual([])
  })
})

describe('BATCH-1: what is not held', () => {
  it.each<[string, Batch]>([
    ['BATCH_EPOCH', { ...batchOf(1, 1), epoch: epoch - 1 }],
    ['BATCH_EPOCH', { ...batchOf(1, 1), attempt: attempt - 1 }],
    ['BATCH_SEAT', batchOf(4, 1)],
    ['BATCH_SIZE', { ...batchOf(1, 1), transactions: [] }],
    ['BATCH_SIZE', batchOf(1, 1, batchLimits.bytesMax + 1)],
    [
      'BATCH_SIZE',
      {
        ...batchOf(1, 1),
        transactions: Array.from({ length: batchLimits.transactionsMax + 1 }, () => {
          return Uint8Array.of(1)
        }),
      },
    ],
  ])('%s', (code, batch) => {
    const pool = newPool()
    expect(pool.add(batch)).toEqual({ type: 'refused', refusal: { code } })
    expect(pool.count).toBe(0)
  })

  it('the largest batch is', () => {
    expect(newPool().add(batchOf(1, 1, batchLimits.bytesMax)).type).toBe('added')
  })
})

describe('NET-6: a pool is bounded', () => {
  it('an author pushes out its own oldest batches alone', () => {
    const pool = newPool()
    const first = heldOf(pool.add(batchOf(1, 0)))
    const other = heldOf(pool.add(batchOf(2, 0)))
    for (let number = 1; number <= batchLimits.authorBatchesMax; number += 1) {
      pool.add(batchOf(1, number))
    }
    expect(pool.get(first.digest)).toBeUndefined()
    expect(pool.placeOf(first.transactions[0]!)).toBeUndefined()
    expect(pool.get(other.digest)).toBe(other)
    expect(pool.count).toBe(batchLimits.authorBatchesMax + 1)
  })

  it('by bytes as well', () => {
    const pool = newPool()
    const count = 3 + batchLimits.authorBytesMax / batchLimits.bytesMax
    for (let number = 0; number < count; number += 1) {
      pool.add(batchOf(1, number, batchLimits.bytesMax))
    }
    expect(pool.count).toBe(batchLimits.authorBytesMax / batchLimits.bytesMax)
  })

  it('fetched batches push out no author’s', () => {
    const pool = newPool()
    const own = heldOf(pool.add(batchOf(1, 9999)))
    for (let number = 0; number < 2 * batchLimits.authorBatchesMax; number += 1) {
      pool.add(batchOf(1, number), 'fetched')
    }
    expect(pool.get(own.digest)).toBe(own)
    expect(pool.count).toBe(1 + batchLimits.authorBatchesMax)
  })

  it('digests of batches that never come are forgotten, those of held ones are not', () => {
    const pool = newPool()
    const held = heldOf(pool.add(batchOf(1, 1)))
    for (let number = 0; number < 5000; number += 1) {
      const digest = new Uint8Array(32)
      new DataView(digest.buffer).setUint32(0, number)
      pool.noteHeld(3, [digest])
    }
    pool.noteHeld(2, [held.digest])
    expect(pool.isReady(held)).toBe(true)
    const late = heldOf(pool.add(batchOf(2, 2)))
    pool.noteHeld(1, [late.digest])
    expect(pool.isReady(late)).toBe(true)
  })
})
