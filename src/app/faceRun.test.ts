import { describe, expect, it } from 'vitest'
import { slotMs } from '../core/liveness/light/colors.ts'
import { isAsking, questionOf, readyRun, stepFace, type FaceDraw, type FaceRun } from './faceRun.ts'

const light: FaceDraw = { kind: 'light', sequence: Array.from({ length: 16 }, (_, at) => at % 4) }
const gestures: FaceDraw = {
  kind: 'gestures',
  asked: ['blink', 'rest', 'left', 'blink', 'right', 'rest', 'left', 'blink'],
}
const beganMs = 1_000_000

/** Frames of a screen, one each `everyMs`, until `untilMs` after the press. */
function ran(draw: FaceDraw, untilMs: number, everyMs = 16): readonly FaceRun[] {
  const runs = [stepFace(readyRun, { input: 'begin', nowMs: beganMs, draw })]
  for (let sinceMs = everyMs; sinceMs <= untilMs; sinceMs += everyMs) {
    runs.push(stepFace(runs.at(-1)!, { input: 'frame', nowMs: beganMs + sinceMs }))
  }
  return runs
}

describe('UX-9 LIVE-3 the course of the light challenge', () => {
  it.each([7, 16, 33, 90])(
    'no colour stands shorter than half a second, a frame each %i ms',
    (ms) => {
      const { shownMs, now } = ran(light, 16_000, ms).at(-1)!
      expect(now.stage).not.toBe('asking')
      expect(shownMs).toHaveLength(17)
      const lengths = shownMs.slice(1).map((at, index) => at - shownMs[index]!)
      expect(Math.min(...lengths)).toBeGreaterThanOrEqual(slotMs)
      expect(Math.max(...lengths)).toBeLessThan(slotMs + 100)
    },
  )

  it('no colour before three seconds, and the question names what was shown when', () => {
    const runs = ran(light, 12_000)
    const first = runs.find(({ now }) => now.stage === 'asking')!
    expect(first.shownMs[0]! - beganMs).toBeGreaterThanOrEqual(3000)
    const reading = runs.at(-1)!
    expect(questionOf(reading)).toEqual({ ...light, shownMs: reading.shownMs })
    expect(questionOf(first)).toBeUndefined()
  })

  it('a page that stood still makes no colours up for the time that passed', () => {
    const asking = ran(light, 4000).at(-1)!
    const later = stepFace(asking, { input: 'frame', nowMs: beganMs + 60_000 })
    expect(later.shownMs).toHaveLength(asking.shownMs.length + 1)
  })
})

describe('UX-9 LIVE-4 the course of the gestures', () => {
  it('two seconds straight ahead behind the countdown, then eight slots by the clock', () => {
    const runs = ran(gestures, 22_000)
    const slots = runs.flatMap(({ now }) => (now.stage === 'asking' ? [now.slot] : []))
    expect([...new Set(slots)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    expect(questionOf(runs.at(-1)!)).toEqual({ ...gestures, startMs: beganMs + 5000 })
  })
})

describe('UX-9 the end of a challenge to the face', () => {
  const reading = ran(light, 12_000).at(-1)!
  const verdict = { verdict: 'inconclusive', reason: 'NO_REFLECTION' } as const

  it('is its verdict, or a camera that says nothing', () => {
    const judged = stepFace(reading, {
      input: 'verdict',
      verdict: { kind: 'light', verdict } as never,
    })
    expect(judged.now).toMatchObject({ stage: 'judged', verdict: { kind: 'light', verdict } })
    const silent = stepFace(reading, { input: 'frame', nowMs: beganMs + 60_000 })
    expect(silent.now).toEqual({ stage: 'stopped', reason: 'CAMERA_LOST' })
  })

  it('comes at once when the person stops it, and nothing that comes late changes it', () => {
    for (const sinceMs of [500, 5000, 12_000]) {
      const run = ran(light, sinceMs).at(-1)!
      expect(isAsking(run)).toBe(true)
      const stopped = stepFace(run, { input: 'stop', reason: 'BY_PERSON' })
      expect(stopped.now).toEqual({ stage: 'stopped', reason: 'BY_PERSON' })
      const late = { kind: 'light', verdict } as never
      expect(stepFace(stopped, { input: 'verdict', verdict: late })).toBe(stopped)
      expect(stepFace(stopped, { input: 'frame', nowMs: beganMs + 90_000 })).toBe(stopped)
    }
  })

  it('lets another one begin, not while one runs', () => {
    const stopped = stepFace(reading, { input: 'stop', reason: 'HIDDEN' })
    const again = stepFace(stopped, { input: 'begin', nowMs: beganMs + 20_000, draw: gestures })
    expect(again).toMatchObject({ draw: gestures, now: { stage: 'leading' }, shownMs: [] })
    expect(stepFace(again, { input: 'begin', nowMs: beganMs, draw: light })).toBe(again)
  })
})
