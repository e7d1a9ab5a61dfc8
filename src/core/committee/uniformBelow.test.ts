import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { uniformBelow } from './uniformBelow.ts'

const size = 1n << 64n

/** The words in their order, and how many of them were asked for. */
function source(words: readonly bigint[]): { readonly next: () => bigint; readonly asked: number } {
  const left = [...words]
  return {
    next: () => {
      const word = left.shift()
      if (word === undefined) throw new Error('more words than were given')
      return word
    },
    get asked() {
      return words.length - left.length
    },
  }
}

describe('COM-4: places are drawn without bias', () => {
  it('words of the last, incomplete round are thrown away', () => {
    // 2^64 is 1 above a multiple of 3, and 2 above one of 7: so many words are too many.
    for (const [bound, over] of [
      [3, 1n],
      [7, 2n],
    ] as const) {
      const words = source([size - 1n, size - over, size - over - 1n, 0n])
      expect(uniformBelow(bound, words.next)).toBe(bound - 1)
      expect(words.asked).toBe(3)
    }
  })

  it('a power of two throws none away', () => {
    const words = source([size - 1n])
    expect(uniformBelow(16, words.next)).toBe(15)
  })

  it('is the remainder of the word that it takes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 63 }),
        fc.bigInt({ min: 0n, max: size >> 1n }),
        (n, w) => {
          expect(uniformBelow(n, () => w)).toBe(Number(w % BigInt(n)))
        },
      ),
    )
  })
})
