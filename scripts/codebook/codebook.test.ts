import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { codebook60, codebook90 } from '../../src/core/liveness/codebook.ts'
import { breathHalvesMax, breathHalvesMin } from '../../src/core/liveness/codeword.ts'
import { bookPlans, buildCodebook, mutualR2Max, separationTable } from './build.ts'
import { modulePath, moduleText, pagePath, pageText } from './texts.ts'

const books = [codebook60, codebook90]

describe('LIVE-1 the frozen codebooks', () => {
  test('are what the script makes, the page with the table too', () => {
    const made = bookPlans.map((plan) => buildCodebook(plan))
    expect(made).toEqual(books)
    const root = new URL('../../', import.meta.url)
    expect(readFileSync(new URL(modulePath, root), 'utf8')).toBe(moduleText(books))
    expect(readFileSync(new URL(pagePath, root), 'utf8')).toBe(pageText(bookPlans, books))
  }, 300_000)

  test.each(books)('$seconds s: breaths of 5 to 11 s that fill the window', (book) => {
    for (const codeword of book.codewords) {
      expect(codeword.reduce((sum, halves) => sum + halves, 0)).toBe(2 * book.seconds)
      expect(Math.min(...codeword)).toBeGreaterThanOrEqual(breathHalvesMin)
      expect(Math.max(...codeword)).toBeLessThanOrEqual(breathHalvesMax)
    }
    expect(new Set(book.codewords.map(String)).size).toBe(book.codewords.length)
  })

  test.each(books)('$seconds s: no two explain each other within 4 s of lag', (book) => {
    const table = separationTable(book)
    for (const [row, shares] of table.entries()) {
      const others = shares.filter((_, column) => column !== row)
      expect(Math.max(...others)).toBeLessThanOrEqual(10_000 * mutualR2Max)
      // A codeword explains itself: the measure does see likeness.
      expect(shares[row]).toBeGreaterThan(9990)
    }
  })
})
