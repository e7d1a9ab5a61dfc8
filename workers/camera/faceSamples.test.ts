import { describe, expect, test } from 'vitest'
import { gestureSlotMs, type Gesture } from '../../src/core/liveness/gesture/gestures.ts'
import { lightColors, slotCount, slotMs } from '../../src/core/liveness/light/colors.ts'
import { FaceSamples, judgedFromMs } from './faceSamples.ts'
import type { Point } from './regions.ts'

const beganMs = 1_780_000_000_000
const sequence = [3, 0, 1, 2, 2, 1, 3, 0, 0, 3, 2, 1, 1, 0, 2, 3]
const shownMs = Array.from({ length: slotCount + 1 }, (_, slot) => beganMs + slot * slotMs)
const shares = { skinBp: 600, besideBp: 2000 }

/** Thirty frames a second of skin that throws back a part of the screen's light. */
function lit(part: number, besidePart: number, lagMs = 150): FaceSamples {
  const samples = new FaceSamples()
  for (let sinceMs = -1000; sinceMs < 8000 + 1700; sinceMs += 33) {
    const color = lightColors[sequence[Math.floor((sinceMs - lagMs) / slotMs)] ?? -1]
    const { r, g, b } = color ?? { r: 190, g: 184, b: 178 }
    const over = (level: number, share: number) => ({
      r: level + share * (r - 185),
      g: level + share * (g - 185),
      b: level + share * (b - 185),
    })
    samples.addLight(beganMs + sinceMs, over(120, part), over(100, besidePart), shares)
  }
  return samples
}

describe('LIVE-3 levels of a camera on their way to the judge', () => {
  const question = { kind: 'light', sequence, shownMs } as const

  test('skin that follows the screen is accepted, still skin and a lit wall are not', () => {
    expect(lit(0.06, 0.005).judge(question).verdict).toMatchObject({ verdict: 'accepted' })
    const still = lit(0, 0).judge(question)
    expect(still).toMatchObject({ kind: 'light', verdict: { reason: 'NO_REFLECTION' } })
    expect(lit(0.06, 0.06).judge(question).verdict).toMatchObject({ reason: 'UNIFORM' })
    expect(lit(0.06, 0, 900).judge(question).verdict).toMatchObject({ reason: 'LATE' })
  })

  test('nothing beside the face, no frames, and frames out of order end in words', () => {
    const samples = new FaceSamples()
    const skin = { r: 120.4, g: 100, b: 90 }
    for (let at = 0; at < 400; at += 1) samples.addLight(beganMs + 33 * at, skin, undefined, shares)
    samples.addLight(beganMs, skin, skin, shares)
    expect(samples.judge(question).verdict).toMatchObject({ reason: 'BACKGROUND_SMALL' })
    expect(new FaceSamples().judge(question).verdict).toMatchObject({ verdict: 'inconclusive' })
  })

  test('is bounded: a camera of 1000 frames a second is judged by what fits', () => {
    const samples = new FaceSamples()
    const skin = { r: 120, g: 100, b: 90 }
    for (let at = 0; at < 20_000; at += 1) samples.addLight(beganMs + at, skin, skin, shares)
    expect(samples.judge(question).verdict).toMatchObject({ reason: 'FRAMES_MISSING' })
  })
})

/** The landmarks that a pose is read from, on a picture of 640 × 480. */
function mesh(gesture: Gesture): readonly Point[] {
  const points: Point[] = Array.from({ length: 468 }, () => [0.5, 0.5] as const)
  const lid = gesture === 'blink' ? 0.002 : 0.008
  const set = (index: number, x: number, y: number): void => {
    points[index] = [x, y]
  }
  for (const [eye, x] of [
    [[33, 160, 158, 133, 153, 144], 0.44],
    [[362, 385, 387, 263, 373, 380], 0.53],
  ] as const) {
    set(eye[0], x, 0.4)
    set(eye[3], x + 0.04, 0.4)
    for (const upper of [eye[1], eye[2]]) set(upper, x + 0.02, 0.4 - lid)
    for (const lower of [eye[4], eye[5]]) set(lower, x + 0.02, 0.4 + lid)
  }
  set(234, 0.4, 0.5)
  set(454, 0.6, 0.5)
  set(1, 0.5 + (gesture === 'left' ? 0.05 : gesture === 'right' ? -0.05 : 0), 0.5)
  return points
}

describe('LIVE-4 landmarks of a camera on their way to the judge', () => {
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
  const question = { kind: 'gestures', asked, startMs: beganMs } as const

  /** Twelve poses a second; in each slot its gesture from 400 to 1200 ms. */
  function seen(answer: readonly Gesture[]): FaceSamples {
    const samples = new FaceSamples()
    for (let sinceMs = -3000; sinceMs < 8 * gestureSlotMs + 400; sinceMs += 83) {
      const within = ((sinceMs % gestureSlotMs) + gestureSlotMs) % gestureSlotMs
      const slot = Math.floor(sinceMs / gestureSlotMs)
      const isDoing = sinceMs >= 0 && within >= 400 && within < 1200
      const now = isDoing ? (answer[slot] ?? 'rest') : 'rest'
      samples.addPose(beganMs + sinceMs, mesh(now), 640, 480)
    }
    return samples
  }

  test('a face that does as asked is accepted, a still one has not moved', () => {
    expect(seen(asked).judge(question)).toEqual({
      kind: 'gestures',
      verdict: { verdict: 'accepted', right: 8 },
    })
    const still = seen(asked.map(() => 'rest')).judge(question)
    expect(still.verdict).toMatchObject({ verdict: 'refused', reason: 'NO_MOTION' })
  })

  test('a frame without a face is no pose', () => {
    const samples = new FaceSamples()
    samples.addPose(beganMs, [], 640, 480)
    expect(samples.judge(question).verdict).toMatchObject({ reason: 'FEW_SAMPLES' })
  })
})

test('LIVE-3 LIVE-4 it is judged once late answers would have been seen', () => {
  const light = { kind: 'light', sequence, shownMs } as const
  expect(judgedFromMs(light) - shownMs.at(-1)!).toBeGreaterThanOrEqual(1500)
  const gestures = { kind: 'gestures', asked: [], startMs: 1000 } as const
  expect(judgedFromMs(gestures)).toBe(1000 + 8 * 2000 + 150)
})
