import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hash } from '../crypto/hash.ts'
import { codebook60, codebook90 } from './codebook.ts'
import { phasesAt } from './codeword.ts'
import { drawCodeword } from './drawCodeword.ts'
import { judge, rankOf, type WindowAnswer } from './evidence.ts'
import { guideAt, leadInMs } from './guide.ts'
import { rhythmOf } from './rhythm.ts'
import { longChallenge, shortChallenge } from './rules.ts'
import { breathQuarters } from './window.ts'

const bytes = (text: string): Uint8Array =>
  hash(
    'message',
    Uint8Array.from(text, (c) => c.charCodeAt(0)),
  )
const draw = { beacon: bytes('beacon'), chainId: bytes('chain'), validatorKey: bytes('key') }

/** R² of `best` for one codeword and 0.1 for all others. */
function answer(asked: number, best: number, bestBp: number, count = 16): WindowAnswer {
  const sharesBp = Array.from({ length: count }, (_, index) => (index === best ? bestBp : 1000))
  return { asked, sharesBp }
}

describe('LIVE-2 the codeword that is asked', () => {
  test('is another for another beacon, chain, key, window and book', () => {
    const others = [
      { ...draw, beacon: bytes('other') },
      { ...draw, chainId: bytes('other') },
      { ...draw, validatorKey: bytes('other') },
      { ...draw, window: 1 },
    ]
    const of = (each: Partial<typeof draw & { window: number }>) =>
      Array.from({ length: 40 }, (_, index) =>
        drawCodeword(
          { ...draw, window: 0, ...each, beacon: bytes(`${String(each.beacon)} ${index}`) },
          codebook60,
        ),
      )
    const first = of(draw)
    expect(of(draw)).toEqual(first)
    for (const other of others) expect(of(other)).not.toEqual(first)
  })

  test('is uniform over the book: chi-squared of 16,000 draws', () => {
    const counts = new Array<number>(16).fill(0)
    for (let key = 0; key < 16_000; key += 1) {
      const validatorKey = bytes(`key ${key}`)
      counts[drawCodeword({ ...draw, validatorKey, window: 0 }, codebook60)]! += 1
    }
    const chi = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)
    // 15 degrees of freedom: above 37.7 once in a thousand.
    expect(chi).toBeLessThan(37.7)
  })
})

describe('LIVE-1 the verdict', () => {
  test('a clear answer to what was asked needs one window', () => {
    expect(judge([answer(3, 3, 5000)], shortChallenge.rule)).toEqual({ verdict: 'answered' })
    expect(judge([answer(3, 3, 4999)], shortChallenge.rule)).toMatchObject({
      verdict: 'inconclusive',
      reason: 'WEAK_RESPONSE',
      windowsLeft: 2,
    })
  })

  test('LIVE-7 an answer to another codeword is inconclusive, and says so', () => {
    expect(judge([answer(3, 4, 9000)], shortChallenge.rule)).toEqual({
      verdict: 'inconclusive',
      reason: 'OTHER_RHYTHM',
      windowsLeft: 2,
    })
  })

  test('weak answers add up over three windows, and no further', () => {
    const weak = [answer(1, 1, 2600), answer(5, 5, 2400), answer(9, 9, 2400)]
    expect(judge(weak.slice(0, 1), shortChallenge.rule).verdict).toBe('inconclusive')
    expect(judge(weak.slice(0, 2), shortChallenge.rule).verdict).toBe('answered')
    const weaker = [answer(1, 1, 2300), answer(5, 5, 2300), answer(9, 9, 2300)]
    expect(judge(weaker.slice(0, 2), shortChallenge.rule).verdict).toBe('inconclusive')
    expect(judge(weaker, shortChallenge.rule).verdict).toBe('answered')
    expect(() => judge([...weaker, ...weaker], shortChallenge.rule)).toThrow('three windows')
  })

  test('rank counts every choice of codewords that fits as well', () => {
    const windows = [answer(0, 0, 3000), answer(1, 2, 3000)]
    // Asked: 3000 + 1000. The 15 others of the second window and (other, 2) reach it too.
    expect(rankOf(windows, 4000)).toBe(16 + 15)
    expect(rankOf(windows, 6000)).toBe(1)
  })

  test('whatever the signal, few draws accept it: the chances that the rule states', () => {
    const share = fc.integer({ min: 0, max: 10_000 })
    const shares = fc.array(share, { minLength: 16, maxLength: 16 })
    fc.assert(
      fc.property(shares, shares, (first, second) => {
        const draws = Array.from({ length: 256 }, (_, index) => [index >> 4, index & 15] as const)
        const one = first.filter(
          (_, asked) =>
            judge([{ asked, sharesBp: first }], shortChallenge.rule).verdict === 'answered',
        )
        expect(one.length).toBeLessThanOrEqual(1)
        const two = draws.filter(([left, right]) => {
          const windows = [
            { asked: left, sharesBp: first },
            { asked: right, sharesBp: second },
          ]
          return judge(windows, shortChallenge.rule).verdict === 'answered'
        })
        expect(two.length).toBeLessThanOrEqual(1)
      }),
      { numRuns: 50 },
    )
  })

  test('three windows: at most 8 of the 4096 draws', () => {
    const share = fc.integer({ min: 0, max: 10_000 })
    const shares = fc.array(share, { minLength: 16, maxLength: 16 })
    fc.assert(
      fc.property(fc.tuple(shares, shares, shares), (signal) => {
        const windows = signal.map((sharesBp) => ({ asked: 0, sharesBp }))
        const sums = signal[0].flatMap((a) =>
          signal[1].flatMap((b) => signal[2].map((c) => a + b + c)),
        )
        const best = [...sums].sort((left, right) => right - left).slice(0, 40)
        const accepted = best.filter((sum) => rankOf(windows, sum) <= 8)
        expect(accepted.length).toBeLessThanOrEqual(8)
      }),
      { numRuns: 10 },
    )
  })

  test('the long book has rules of its own', () => {
    expect(longChallenge.book).toBe(codebook90)
    expect(judge([answer(3, 3, 3200, 32)], longChallenge.rule).verdict).toBe('answered')
  })
})

describe('LIVE-1 windows of a challenge', () => {
  const ticks = new Array<number>(60).fill(1000)
  const marks = ticks.map(() => false)

  test('hold each interval in the quarter second in which it ends', () => {
    const window = { ticks, marks: marks.with(1, true), firstOffsetTicks: 536 }
    const quarters = breathQuarters(window, 60)
    expect(quarters).toMatchObject({ ok: true })
    if (!quarters.ok) return
    expect(quarters.value).toHaveLength(240)
    // Ends at 1536 = 6 · 256, on a border, at 2536 and at 3536.
    expect(quarters.value[5]).toEqual({ rrTicks: 1000, isMarked: false, endTicks: 256 })
    expect(quarters.value[9]).toEqual({ rrTicks: 1000, isMarked: true, endTicks: 232 })
    expect(quarters.value[13]).toEqual({ rrTicks: 1000, isMarked: false, endTicks: 208 })
    expect(quarters.value.filter((each) => each !== undefined)).toHaveLength(60)
    expect(breathQuarters({ ...window, firstOffsetTicks: 1440 }, 60)).toMatchObject({ ok: true })
  })

  test('a rhythm has the unmarked interval that a beat is in, and the last to the end', () => {
    const of = (rrTicks: number, isMarked = false) => ({ rrTicks, isMarked, endTicks: 1 })
    const none = undefined
    const quarters = [none, of(900), none, of(500, true), none, of(800), none, none]
    expect(rhythmOf(quarters)).toEqual([1800, 1600, 1600, 1600])
  })

  test.each([
    ['marks of another length', { ticks, marks: [], firstOffsetTicks: 0 }, 'WINDOW_MALFORMED'],
    ['no heart', { ticks: ticks.with(3, 200), marks, firstOffsetTicks: 0 }, 'WINDOW_MALFORMED'],
    ['not a number', { ticks: ticks.with(3, NaN), marks, firstOffsetTicks: 0 }, 'WINDOW_MALFORMED'],
    ['an offset below 0', { ticks, marks, firstOffsetTicks: -1 }, 'WINDOW_MALFORMED'],
    ['an offset that is none', { ticks, marks, firstOffsetTicks: NaN }, 'WINDOW_MALFORMED'],
    ['a late begin', { ticks, marks, firstOffsetTicks: 4097 }, 'WINDOW_GAPS'],
    [
      'an early end',
      { ticks: ticks.slice(9), marks: marks.slice(9), firstOffsetTicks: 0 },
      'WINDOW_GAPS',
    ],
    ['more than the window', { ticks, marks, firstOffsetTicks: 1500 }, 'WINDOW_GAPS'],
    [
      'too few beats',
      { ticks, marks: marks.map((_, index) => index < 31), firstOffsetTicks: 0 },
      'WINDOW_TOO_FEW_BEATS',
    ],
    [
      'nine marks',
      { ticks, marks: marks.map((_, index) => index % 6 === 0 && index < 54), firstOffsetTicks: 0 },
      'WINDOW_TOO_MANY_MARKED',
    ],
  ])('%s is refused', (_, window, code) => {
    expect(breathQuarters(window, 60)).toMatchObject({ ok: false, error: { code } })
  })

  test('a breath has 256 steps, with one of 8 s before the first', () => {
    // 5 s, then 10 s.
    const at = [-8192, -4096, -1, 0, 2560, 5119, 5120, 10_240, 15_360]
    expect(phasesAt([10, 20], at)).toEqual([0, 128, 255, 0, 128, 255, 0, 128, 0])
  })
})

describe('LIVE-1 the guide', () => {
  const codeword = [10, 20]

  test('leads in, breathes in for two fifths, then out, and ends', () => {
    expect(guideAt(codeword, -leadInMs)).toEqual({
      step: 'in',
      breath: -1,
      doneBp: 0,
      leftMs: 23_000,
    })
    expect(guideAt(codeword, 0)).toMatchObject({ step: 'in', breath: 0, doneBp: 0 })
    expect(guideAt(codeword, 1000)).toMatchObject({ step: 'in', breath: 0, doneBp: 5000 })
    expect(guideAt(codeword, 2000)).toMatchObject({ step: 'out', breath: 0, doneBp: 0 })
    expect(guideAt(codeword, 5000)).toMatchObject({ step: 'in', breath: 1, leftMs: 10_000 })
    expect(guideAt(codeword, 15_000)).toEqual({ step: 'done' })
    expect(guideAt(codeword, -60_000)).toMatchObject({ step: 'in', breath: -1, doneBp: 0 })
  })
})
