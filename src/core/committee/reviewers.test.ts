import { describe, expect, it } from 'vitest'
import { u32be } from '../base/bytes.ts'
import { hash } from '../crypto/hash.ts'
import { isReviewer, type ReviewDraw } from './reviewers.ts'

const key = (index: number): Uint8Array => hash('account', u32be(index))
const beacon = hash('beacon', u32be(1))

function drawn(change: Partial<ReviewDraw>, reviewers: number): readonly number[] {
  const draw = { beacon, epoch: 9, active: reviewers, validator: key(0), reviewer: key(0) }
  return Array.from({ length: reviewers }, (_, index) => index).filter((index) =>
    isReviewer({ ...draw, ...change, reviewer: key(index) }),
  )
}

describe('ZK-4 reviewers of a READY', () => {
  it('are all others where no more than three are active, and never its maker', () => {
    expect(drawn({}, 3)).toEqual([1, 2])
    expect(drawn({}, 1)).toEqual([])
    const [first] = drawn({ validator: key(1) }, 3)
    expect(first).toBe(0)
  })

  it('are three in the mean, however many there are', () => {
    for (const active of [64, 400]) {
      const counts = Array.from(
        { length: 100 },
        (_, index) => drawn({ validator: key(10_000 + index) }, active).length,
      )
      const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length
      // The standard deviation of this mean is 0.17.
      expect(mean).toBeGreaterThan(2.3)
      expect(mean).toBeLessThan(3.7)
      expect(Math.max(...counts)).toBeLessThan(12)
    }
  })

  it('are others for another beacon, epoch and READY', () => {
    const one = drawn({}, 400)
    expect(one).toEqual(drawn({}, 400))
    for (const change of [{ beacon: key(5) }, { epoch: 10 }, { validator: key(1) }]) {
      expect(drawn(change, 400)).not.toEqual(one)
    }
  })
})
