import { describe, expect, test } from 'vitest'
import { codebook60, codebook90 } from '../core/liveness/codebook.ts'
import { guideAt, leadInMs } from '../core/liveness/guide.ts'
import { fullnessAt, halfLengthMs, turnsOf } from './breathShape.ts'

describe('LIVE-1 what is drawn and sounded is what the guide says', () => {
  test.each([codebook60, codebook90])('turns of every codeword, %#', ({ seconds, codewords }) => {
    for (const codeword of codewords) {
      const turns = turnsOf(codeword)
      expect(turns[0]).toEqual({ atMs: -leadInMs, isFull: false })
      expect(turns.at(-1)).toEqual({ atMs: 1000 * seconds, isFull: false })
      for (const { atMs, isFull } of turns.slice(0, -1)) {
        expect(guideAt(codeword, atMs)).toMatchObject({ step: isFull ? 'out' : 'in', doneBp: 0 })
        expect(fullnessAt(codeword, atMs)).toBeCloseTo(isFull ? 1 : 0, 6)
      }
    }
  })

  test('it rises while one breathes in and falls while one breathes out', () => {
    const codeword = codebook60.codewords[0]!
    for (let at = -leadInMs; at < 59_900; at += 100) {
      const step = guideAt(codeword, at).step
      if (guideAt(codeword, at + 100).step !== step) continue
      const change = fullnessAt(codeword, at + 100) - fullnessAt(codeword, at)
      expect(step === 'in' ? change : -change).toBeGreaterThanOrEqual(0)
    }
    expect(fullnessAt(codeword, -60_000)).toBe(0)
    expect(fullnessAt(codeword, 60_000)).toBe(0)
  })

  test('a half of a breath is two fifths in, three fifths out', () => {
    expect(halfLengthMs([10, 20], 0)).toBe(2000)
    expect(halfLengthMs([10, 20], 2000)).toBe(3000)
    expect(halfLengthMs([10, 20], 15_000)).toBe(0)
    expect(halfLengthMs([10, 20], -leadInMs - 1)).toBe(0)
  })
})
