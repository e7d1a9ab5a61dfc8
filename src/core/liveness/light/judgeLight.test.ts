import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { drawSequence, greenSign, sequenceBytes, slotCount, slotMs, warmSign } from './colors.ts'
import { judgeLight, lagMsMax } from './judgeLight.ts'
import type { LightObservation, RegionLight } from './observation.ts'

const asked = [3, 0, 1, 2, 2, 1, 3, 0, 0, 3, 2, 1, 1, 0, 2, 3]
const other = [0, 1, 2, 2, 1, 3, 0, 3, 3, 2, 0, 0, 1, 3, 2, 1]

interface Shown {
  readonly sequence?: readonly number[]
  readonly lagMs?: number
  /** Change of a channel with a sign, in parts of a thousand. */
  readonly skin?: number
  readonly background?: number
  readonly framesPerSecond?: number
  /** What the camera does to the whole picture, by time. */
  readonly camera?: (timeMs: number) => number
}

function seen(shown: Shown = {}): LightObservation {
  const { sequence = asked, lagMs = 150, skin = 20, background = 2, framesPerSecond = 30 } = shown
  const camera = shown.camera ?? (() => 1)
  const region = (timeMs: number, level: number, thousandths: number): RegionLight => {
    const color = sequence[Math.floor((timeMs - lagMs) / slotMs)]
    const [warm, green] = color === undefined ? [0, 0] : [warmSign(color), greenSign(color)]
    const channel = (sign: number): number =>
      Math.round(level * camera(timeMs) * (1 + (thousandths * sign) / 1000))
    return { r: channel(warm), g: channel(green), b: channel(-warm) }
  }
  const endMs = slotCount * slotMs + 2000
  const count = Math.floor((endMs * framesPerSecond) / 1000)
  return {
    shownMs: Array.from({ length: slotCount + 1 }, (_, slot) => slot * slotMs),
    samples: Array.from({ length: count }, (_, frame) => {
      const timeMs = Math.round((1000 * frame) / framesPerSecond)
      return {
        timeMs,
        skin: region(timeMs, 30_000, skin),
        background: region(timeMs, 20_000, background),
      }
    }),
    skinShareBp: 600,
    backgroundShareBp: 2000,
  }
}

describe('LIVE-3 light challenge', () => {
  test.each([0, 100, 250, lagMsMax])('skin that answers %i ms later is accepted', (lagMs) => {
    expect(judgeLight(asked, seen({ lagMs }))).toMatchObject({ verdict: 'accepted' })
  })

  test('it says how late and how much', () => {
    const verdict = judgeLight(asked, seen({ lagMs: 300, skin: 20, background: 0 }))
    if (!('gainBp' in verdict)) throw new Error('judged')
    // To the step before it no frame of the colour before is left.
    expect([200, 300]).toContain(verdict.lagMs)
    // Red rises by 2 % and blue falls by 2 %; sixteen signs less their mean and line.
    expect(verdict.gainBp).toBeGreaterThan(250)
    expect(verdict.gainBp).toBeLessThan(450)
    expect(verdict.shareBp).toBeGreaterThan(8000)
  })

  test('exposure that drifts and jumps changes the whole picture and no verdict', () => {
    const camera = (timeMs: number): number => 1 + 0.2 * Math.sin(timeMs / 700) - timeMs / 40_000
    expect(judgeLight(asked, seen({ camera }))).toMatchObject({ verdict: 'accepted' })
  })

  test('no reflection, and one as weak as from glass, are inconclusive', () => {
    const none = judgeLight(asked, seen({ skin: 0, background: 0 }))
    expect(none).toMatchObject({ verdict: 'inconclusive', reason: 'NO_REFLECTION' })
    const weak = judgeLight(asked, seen({ skin: 2, background: 0 }))
    expect(weak).toMatchObject({ verdict: 'inconclusive', reason: 'REFLECTION_WEAK' })
  })

  test.each([
    ['a surface that answers evenly', { skin: 20, background: 20 }, 'UNIFORM'],
    ['one nearly even', { skin: 20, background: 12 }, 'UNIFORM'],
    ['the right answer after 900 ms', { lagMs: 900 }, 'LATE'],
    ['an answer to another sequence', { sequence: other }, 'OTHER_LIGHT'],
    ['the opposite colours', { skin: -20, background: 0 }, 'OTHER_LIGHT'],
  ] as const)('%s is refused', (_, shown, reason) => {
    expect(judgeLight(asked, seen(shown))).toMatchObject({ verdict: 'refused', reason })
  })

  test('the background may follow by half of what the skin does', () => {
    expect(judgeLight(asked, seen({ skin: 20, background: 9 })).verdict).toBe('accepted')
    expect(judgeLight(asked, seen({ skin: 20, background: 11 })).verdict).toBe('refused')
  })

  const good = seen()
  const dim = { r: 10_000, g: 10_000, b: 3000 }
  const white = { r: 65_000, g: 60_000, b: 60_000 }
  test.each([
    ['a small face', { ...good, skinShareBp: 100 }, 'SKIN_SMALL'],
    ['nothing beside the face', { ...good, backgroundShareBp: 0 }, 'BACKGROUND_SMALL'],
    [
      'a white wall',
      { ...good, samples: good.samples.map((one) => ({ ...one, background: white })) },
      'TOO_BRIGHT',
    ],
    [
      'a dark room',
      { ...good, samples: good.samples.map((one) => ({ ...one, background: dim })) },
      'TOO_DARK',
    ],
    ['a slow camera', seen({ framesPerSecond: 5 }), 'FRAMES_MISSING'],
    ['no frames', { ...good, samples: [] }, 'FRAMES_MISSING'],
    [
      'a colour that stood too long',
      { ...good, shownMs: good.shownMs.map((at, slot) => (slot > 7 ? at + 300 : at)) },
      'FRAMES_MISSING',
    ],
    ['frames out of order', { ...good, samples: good.samples.toReversed() }, 'FRAMES_INVALID'],
    ['a time that is no number', { ...good, shownMs: good.shownMs.with(3, NaN) }, 'FRAMES_INVALID'],
    ['too few times', { ...good, shownMs: good.shownMs.slice(1) }, 'FRAMES_INVALID'],
    [
      'a level beyond the scale',
      {
        ...good,
        samples: good.samples.with(9, { ...good.samples[9]!, skin: { ...dim, r: 70_000 } }),
      },
      'FRAMES_INVALID',
    ],
  ] as const)('%s is inconclusive', (_, observation, reason) => {
    expect(judgeLight(asked, observation)).toEqual({ verdict: 'inconclusive', reason })
  })

  test('a sequence that was not drawn here is no question', () => {
    for (const sequence of [[], asked.slice(1), asked.with(2, 4), asked.with(2, 0.5)]) {
      expect(judgeLight(sequence, good)).toMatchObject({ reason: 'FRAMES_INVALID' })
    }
  })

  test('one recording answers fewer than the stated share of draws, whatever it shows', () => {
    const bytes = fc.uint8Array({ minLength: sequenceBytes, maxLength: sequenceBytes })
    const observation = seen({ skin: 60, background: 0, framesPerSecond: 15 })
    let accepted = 0
    const runs = 500
    fc.assert(
      fc.property(bytes, (random) => {
        if (judgeLight(drawSequence(random), observation).verdict === 'accepted') accepted += 1
      }),
      { numRuns: runs, seed: 3 },
    )
    // 0.23 % of 500 is 1.2.
    expect(accepted).toBeLessThanOrEqual(3)
  })
})
