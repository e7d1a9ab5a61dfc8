import { describe, expect, test } from 'vitest'
import {
  drawGestures,
  gestureLeadMs,
  gestureSlotMs,
  gestureSlots,
  type Gesture,
} from './gestures.ts'
import { judgeGestures } from './judgeGestures.ts'
import type { PoseSample } from './readGestures.ts'

const startMs = 10_000
const asked: readonly Gesture[] = [
  'blink',
  'rest',
  'left',
  'blink',
  'right',
  'rest',
  'left',
  'blink',
]

interface Act {
  readonly gesture: Gesture
  readonly fromMs: number
  readonly lastsMs?: number
}

/** At 20 poses a second: open eyes of 0.30, shut ones of 0.12, turns of 45 hundredths. */
function posesOf(acts: readonly Act[], everyMs = 50): readonly PoseSample[] {
  const fromMs = startMs - gestureLeadMs
  const lengthMs = gestureLeadMs + gestureSlots * gestureSlotMs + 400
  return Array.from({ length: Math.floor(lengthMs / everyMs) + 1 }, (_, index) => {
    const timeMs = fromMs + index * everyMs
    const act = acts.find(
      (one) => timeMs >= one.fromMs && timeMs < one.fromMs + (one.lastsMs ?? 700),
    )
    const turn = act?.gesture === 'left' ? 4500 : act?.gesture === 'right' ? -4500 : 0
    return { timeMs, opennessBp: act?.gesture === 'blink' ? 1200 : 3000, yawBp: 200 + turn }
  })
}

function answers(gestures: readonly Gesture[], afterMs = 500): readonly Act[] {
  return gestures.map((gesture, slot) => ({
    gesture,
    fromMs: startMs + slot * gestureSlotMs + afterMs,
  }))
}

const judged = (acts: readonly Act[]) => judgeGestures(asked, startMs, posesOf(acts))

describe('LIVE-4 blink and head challenge', () => {
  test.each([200, 500, 1200])('what is asked, done %i ms after it was asked', (afterMs) => {
    expect(judged(answers(asked, afterMs))).toEqual({ verdict: 'accepted', right: 8 })
  })

  test('one slot may be wrong, two may not', () => {
    expect(judged(answers(asked.with(0, 'left')))).toEqual({ verdict: 'accepted', right: 7 })
    expect(judged(answers(asked.with(0, 'left').with(5, 'blink')))).toEqual({
      verdict: 'refused',
      reason: 'OTHER_ANSWER',
      right: 6,
    })
  })

  test('no motion, other gestures, and the right ones at other times', () => {
    expect(judged([])).toEqual({ verdict: 'refused', reason: 'NO_MOTION', right: 2 })
    const mirrored = asked.map(
      (gesture) =>
        ({ left: 'right', right: 'left', blink: 'blink', rest: 'rest' })[gesture] as Gesture,
    )
    expect(judged(answers(mirrored))).toMatchObject({ reason: 'OTHER_ANSWER', right: 5 })
    expect(judged(answers(asked.toReversed()))).toMatchObject({ reason: 'OTHER_ANSWER' })
    expect(judged(answers(asked, gestureSlotMs + 300))).toMatchObject({ reason: 'OTHER_ANSWER' })
  })

  test('sooner than anybody reacts is an answer to the slot before', () => {
    expect(judged(answers(asked, 50)).verdict).toBe('refused')
  })

  test('quick blinks are nobody’s answer, and eyes that stay shut are none', () => {
    const quick = [3000, 7000, 11_000].map((at) => ({
      gesture: 'blink' as const,
      fromMs: startMs + at,
      lastsMs: 250,
    }))
    expect(judged([...answers(asked), ...quick])).toEqual({ verdict: 'accepted', right: 8 })
    const asleep = judged([{ gesture: 'blink', fromMs: startMs + 400, lastsMs: 20_000 }])
    expect(asleep).toMatchObject({ verdict: 'refused', reason: 'NO_MOTION' })
  })

  test('two gestures in one slot are no answer to it', () => {
    const twice = [
      ...answers(asked),
      { gesture: 'left' as const, fromMs: startMs + 1400, lastsMs: 400 },
    ]
    expect(judged(twice)).toEqual({ verdict: 'accepted', right: 7 })
  })

  test('noise at a bound is no second gesture', () => {
    const noisy = posesOf(answers(asked)).map((pose, index) => ({
      ...pose,
      opennessBp: pose.opennessBp + (index % 2 === 0 ? 500 : -500),
      yawBp: pose.yawBp + (index % 2 === 0 ? 900 : -900),
    }))
    expect(judgeGestures(asked, startMs, noisy)).toEqual({ verdict: 'accepted', right: 8 })
  })

  const good = posesOf(answers(asked))
  test.each([
    [
      'a face that went',
      good.filter(({ timeMs }) => timeMs < 15_000 || timeMs > 15_600),
      'FACE_LOST',
    ],
    ['a slow device', posesOf(answers(asked), 200), 'FEW_SAMPLES'],
    ['no lead', good.filter(({ timeMs }) => timeMs >= startMs), 'FEW_SAMPLES'],
    ['shut eyes', good.map((pose) => ({ ...pose, opennessBp: 800 })), 'EYES_UNCLEAR'],
    ['times out of order', good.toReversed(), 'SAMPLES_INVALID'],
    ['a share that is none', good.with(4, { ...good[4]!, yawBp: NaN }), 'SAMPLES_INVALID'],
    [
      'an eye wider than long',
      good.with(4, { ...good[4]!, opennessBp: 10_001 }),
      'SAMPLES_INVALID',
    ],
  ] as const)('%s: inconclusive', (_, samples, reason) => {
    expect(judgeGestures(asked, startMs, samples)).toEqual({ verdict: 'inconclusive', reason })
  })

  test('another number of slots is no question', () => {
    expect(judgeGestures(asked.slice(1), startMs, good)).toMatchObject({
      reason: 'SAMPLES_INVALID',
    })
    expect(judgeGestures(asked, NaN, good)).toMatchObject({ reason: 'SAMPLES_INVALID' })
  })

  test('a draw takes an answer when seven of eight agree, and no other draw does', () => {
    let accepted = 0
    const answer = drawGestures(Uint8Array.of(0b10_01_00_11, 0b01_11_10_00))
    const samples = posesOf(answers(answer))
    for (let low = 0; low < 256; low += 1) {
      for (const high of [0b01_11_10_00, 0b01_11_10_01, 0b11_00_01_10]) {
        const drawn = drawGestures(Uint8Array.of(low, high))
        const right = drawn.filter((gesture, slot) => gesture === answer[slot]).length
        const { verdict } = judgeGestures(drawn, startMs, samples)
        expect(verdict).toBe(right >= 7 ? 'accepted' : 'refused')
        if (verdict === 'accepted') accepted += 1
      }
    }
    // All eight right, one of the first four wrong, and the fifth wrong.
    expect(accepted).toBe(1 + 4 * 3 + 1)
  })
})
