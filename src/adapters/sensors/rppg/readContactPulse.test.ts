import { describe, expect, it } from 'vitest'
import { heartModel } from '../heartModel.ts'
import { seededRandom } from '../seededRandom.ts'
import { contactSamples } from './contactSamples.ts'
import { fingerMethods } from './estimatePulse.ts'
import { readContactPulse } from './readContactPulse.ts'
import type { RgbSample } from './rgbTrace.ts'

function heartBeats(restBpm: number, durationMs: number): number[] {
  const next = heartModel({ seed: 4, restBpm, rsaMs: 60 })
  const beats: number[] = []
  for (let beat = next(); beat.timeMs < durationMs; beat = next()) beats.push(beat.timeMs)
  return beats
}

/** Blood volume after each beat: a steep rise, a notch, a slow fall. */
function volume(timeMs: number, beatsMs: readonly number[]): number {
  let sum = 0
  for (const beatMs of beatsMs) {
    const ms = timeMs - beatMs
    if (ms < 0 || ms > 1200) continue
    sum += Math.exp(-0.5 * ((ms - 200) / (ms < 200 ? 60 : 150)) ** 2)
    sum += 0.3 * Math.exp(-0.5 * ((ms - 480) / 80) ** 2)
  }
  return sum
}

interface Finger {
  readonly seconds: number
  /** From and to, in seconds: the finger moves. */
  readonly motion?: readonly [number, number]
  readonly isMissing?: (timeMs: number) => boolean
  readonly hasPulse?: boolean
}

function finger(beatsMs: readonly number[], options: Finger): RgbSample[] {
  const { seconds, motion = [0, 0], isMissing = () => false, hasPulse = true } = options
  const random = seededRandom(8)
  const samples: RgbSample[] = []
  let drift = 0
  for (let frame = 0; frame < 30 * seconds; frame += 1) {
    const timeMs = (1000 * (frame + 0.3 * random())) / 30
    const moves = timeMs > 1000 * motion[0] && timeMs < 1000 * motion[1]
    drift += moves ? 6 * (random() - 0.5) : 0
    const pulse = hasPulse ? 2 * volume(timeMs, beatsMs) : 0
    const red = 220 - pulse + drift + 0.3 * (random() - 0.5)
    if (!isMissing(timeMs)) samples.push({ timeMs, r: red, g: 4, b: 1 })
  }
  return samples
}

const beatsMs = heartBeats(68, 60_000)
const strap = beatsMs.slice(1).map((ms, index) => ms - (beatsMs[index] ?? 0))

describe('SENS-2 a finger on the lens', () => {
  it('gives the intervals of the heart within a few milliseconds', () => {
    const { intervals } = readContactPulse(finger(beatsMs, { seconds: 60 }), fingerMethods)
    const errors = intervals.map(({ timeMs, rrMs }) => {
      const at = beatsMs.findLastIndex((ms) => ms < timeMs - 60)
      return Math.abs(rrMs - (strap[at - 1] ?? 0))
    })
    errors.sort((one, other) => one - other)
    expect(intervals.length).toBeGreaterThan(beatsMs.length - 5)
    expect(intervals.filter(({ isDoubtful }) => isDoubtful)).toEqual([])
    expect(errors[errors.length >> 1]).toBeLessThan(4)
    expect(errors.at(-1)).toBeLessThan(30)
  })

  it('QUAL-1 doubts what motion covers, and little else', () => {
    const samples = finger(beatsMs, { seconds: 60, motion: [30, 36] })
    const { intervals } = readContactPulse(samples, fingerMethods)
    const inside = intervals.filter(({ timeMs }) => timeMs > 30_500 && timeMs < 36_000)
    const outside = intervals.filter(({ timeMs }) => timeMs < 28_000 || timeMs > 39_000)
    const share = (some: typeof intervals): number =>
      some.filter(({ isDoubtful }) => isDoubtful).length / Math.max(1, some.length)
    expect(share(inside)).toBeGreaterThan(0.6)
    expect(share(outside)).toBeLessThan(0.1)
  })

  it('QUAL-1 doubts most of what it finds where there is no pulse', () => {
    for (const motion of [[0, 0] as const, [0, 60] as const]) {
      const samples = finger(beatsMs, { seconds: 60, hasPulse: false, motion })
      const { intervals } = readContactPulse(samples, fingerMethods)
      const doubtful = intervals.filter(({ isDoubtful }) => isDoubtful)
      expect(doubtful.length).toBeGreaterThan(0.4 * intervals.length)
    }
  })

  it('SENS-3 an interval across missing frames is doubtful; a long gap ends the series', () => {
    const isShort = (ms: number): boolean => ms > 30_000 && ms < 30_900
    const short = readContactPulse(finger(beatsMs, { seconds: 60, isMissing: isShort }), ['red'])
    const across = short.intervals.filter(
      ({ timeMs, rrMs }) => timeMs > 30_450 && timeMs - rrMs < 30_450,
    )
    expect(new Set(short.intervals.map(({ series }) => series)).size).toBe(1)
    expect(across.every(({ isDoubtful }) => isDoubtful)).toBe(true)
    expect(across).toHaveLength(1)

    const isLong = (ms: number): boolean => ms > 30_000 && ms < 33_000
    const long = readContactPulse(finger(beatsMs, { seconds: 60, isMissing: isLong }), ['red'])
    expect(new Set(long.intervals.map(({ series }) => series)).size).toBe(2)
    expect(
      long.intervals.some(({ timeMs, rrMs }) => timeMs > 32_000 && timeMs - rrMs < 31_000),
    ).toBe(false)
  })

  it('a sensor of either sign gives the same beats', () => {
    const wave = Float64Array.from({ length: 3000 }, (_, index) => volume(10 * index, beatsMs))
    const up = readContactPulse(contactSamples(wave, 100), ['red'])
    const down = readContactPulse(
      contactSamples(
        wave.map((value) => -value),
        100,
      ),
      ['red'],
    )
    expect(up.intervals.length).toBeGreaterThan(25)
    expect(down.intervals).toEqual(up.intervals)
  })
})
