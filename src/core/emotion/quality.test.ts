import { describe, expect, it } from 'vitest'
import { artefactMarks } from './artefacts.ts'
import { checkQuality, markWindow } from './quality.ts'
import { qualityWords } from './qualityWords.ts'
import { testWindow } from './testWindows.fixture.ts'
import { checkWindow } from './window.ts'

const rest = testWindow({ seed: 3 })

describe('QUAL-1 gate', () => {
  it('passes a resting heart with a quality near full', () => {
    const quality = checkQuality(rest)
    expect(quality.reasons).toEqual([])
    expect(quality.qualityBp).toBeGreaterThan(9500)
  })

  it('passes only windows that the statement accepts', () => {
    for (let seed = 0; seed < 200; seed += 1) {
      const window = testWindow({ seed, waveTicks: seed, noiseTicks: 5 * (seed % 40) })
      if (checkQuality(window).reasons.length === 0) expect(checkWindow(window).ok).toBe(true)
    }
  })

  it('names what is wrong', () => {
    const cut = (count: number): typeof rest =>
      markWindow({ ticks: rest.ticks.slice(0, count), firstOffsetTicks: rest.firstOffsetTicks })
    expect(checkQuality(rest, 3001).reasons).toEqual(['STALE'])
    expect(checkQuality(rest, 3000).reasons).toEqual([])
    expect(checkQuality(cut(40)).reasons).toEqual(['GAPS'])
    expect(checkQuality(cut(29)).reasons).toEqual(['GAPS', 'TOO_FEW_BEATS'])
    expect(checkQuality(cut(0)).reasons).toEqual(['TOO_FEW_BEATS'])
    expect(checkQuality(testWindow({ seed: 2, meanTicks: 485 })).reasons).toContain('TOO_FAST')
    const marks = rest.marks.map((_, index) => index < 7)
    expect(checkQuality({ ...rest, marks }).reasons).toEqual(['TOO_MANY_MARKED'])
  })

  it('has words for each reason', () => {
    for (const words of Object.values(qualityWords)) {
      expect(words.meaning.length).toBeGreaterThan(10)
      expect(words.advice.length).toBeGreaterThan(10)
    }
  })
})

describe('HRV-3 irregularity guard', () => {
  it('refuses alternating long and short beats', () => {
    const ticks = Array.from({ length: 76 }, (_, index) => (index % 2 === 0 ? 650 : 950))
    const quality = checkQuality(markWindow({ ticks, firstOffsetTicks: 300 }))
    expect(quality.reasons).toContain('IRREGULAR_RHYTHM')
  })
})

describe('HRV-1 marks', () => {
  const at = (changes: Readonly<Record<number, readonly number[]>>): readonly number[] => {
    const ticks = rest.ticks.flatMap((rr, index) => changes[index] ?? [rr])
    return artefactMarks(ticks).flatMap((mark, index) => (mark ? [index] : []))
  }

  it('marks nothing in a clean rest', () => {
    expect(at({})).toEqual([])
  })

  it('marks both intervals of an ectopic beat', () => {
    const sum = (rest.ticks[20] ?? 0) + (rest.ticks[21] ?? 0)
    expect(at({ 20: [550], 21: [sum - 550] })).toEqual([20, 21])
  })

  it('marks a missed beat', () => {
    expect(at({ 20: [(rest.ticks[20] ?? 0) * 2] })).toContain(20)
  })

  it('marks both halves of an extra beat', () => {
    expect(at({ 20: [(rest.ticks[20] ?? 0) - 400, 400] })).toEqual([20, 21])
  })
})
