import { describe, expect, test } from 'vitest'
import { seededRandom } from '../seededRandom.ts'
import { pulseRespirationOf, type BeatSpan, type PulseWave } from './pulseRespiration.ts'

const sampleRateHz = 30
const seconds = 70

interface Breathing {
  /** Breaths a minute by which mean, size and interval of the beats swing; 0 is none. */
  readonly mean?: number
  readonly size?: number
  readonly interval?: number
}

/** A pulse of about 66 beats a minute that breathes in what is asked, and noise besides. */
function pulse({ mean = 0, size = 0, interval = 0 }: Breathing) {
  const random = seededRandom(4)
  const swing = (perMinute: number, atSeconds: number): number =>
    perMinute === 0 ? 0 : Math.sin((2 * Math.PI * perMinute * atSeconds) / 60)
  const beatsMs = [0]
  while ((beatsMs.at(-1) ?? 0) < 1000 * seconds) {
    const lastMs = beatsMs.at(-1) ?? 0
    beatsMs.push(lastMs + 900 + 40 * swing(interval, lastMs / 1000) + 60 * (random() - 0.5))
  }
  const values = Float64Array.from({ length: seconds * sampleRateHz }, (_, index) => {
    const at = index / sampleRateHz
    const beatMs = beatsMs.findLast((beat) => beat <= 1000 * at) ?? 0
    const sinceMs = 1000 * at - beatMs
    const beat = Math.exp(-0.5 * ((sinceMs - 250) / 110) ** 2)
    return 100 + 0.4 * swing(mean, at) + (1 + 0.2 * swing(size, at)) * beat + 0.1 * random()
  })
  const wave: PulseWave = { startMs: 0, sampleRateHz, values }
  const spans: BeatSpan[] = beatsMs.slice(1, -1).map((timeMs, index) => ({
    timeMs,
    rrMs: timeMs - (beatsMs[index] ?? 0),
    isMarked: false,
  }))
  return { spans, wave }
}

const breathsIn = (breathing: Breathing): number | undefined => {
  const { spans, wave } = pulse(breathing)
  return pulseRespirationOf(spans, wave)?.breathsPerMinute
}

describe('HRV-4 breathing from the colour of a contact pulse wave', () => {
  test.each([
    ['mean of the wave', { mean: 15 }, 15],
    ['size of its beats', { size: 11 }, 11],
    ['intervals', { interval: 18 }, 18],
    ['all three', { mean: 13, size: 13, interval: 13 }, 13],
  ])('found in the %s', (_, breathing, perMinute) => {
    expect(Math.abs((breathsIn(breathing) ?? NaN) - perMinute)).toBeLessThan(0.8)
  })

  test('no answer where nothing breathes, or where two say different things', () => {
    expect(breathsIn({})).toBeUndefined()
    expect(breathsIn({ mean: 10, size: 17 })).toBeUndefined()
    expect(breathsIn({ mean: 10, size: 10, interval: 17 })).toBeUndefined()
    expect(breathsIn({ mean: 10, size: 17, interval: 17 })).toBeCloseTo(17, 0)
  })

  test('marked beats are left out; a short wave, and none, leave the intervals alone', () => {
    const { spans, wave } = pulse({ mean: 15 })
    const some = spans.map((span, index) => ({ ...span, isMarked: index % 9 === 4 }))
    const found = pulseRespirationOf(some, wave)
    expect(Math.abs((found?.breathsPerMinute ?? NaN) - 15)).toBeLessThan(0.8)
    expect(found?.confidence).toBeGreaterThan(0.5)
    const short = { ...wave, values: wave.values.subarray(0, 40 * sampleRateHz) }
    expect(pulseRespirationOf(spans, short)).toBeUndefined()
    expect(pulseRespirationOf([], wave)).toBeUndefined()
  })
})
