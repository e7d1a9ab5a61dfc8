import { describe, expect, test } from 'vitest'
import type { Beat } from '../../ports/sensor.ts'
import { BeatBuffer } from './beatBuffer.ts'
import { seededRandom } from './seededRandom.ts'
import { simulateBeats } from './simulatedBeats.ts'
import { StrapTimeline } from './strapTimeline.ts'

const lagMs = 900
const secondMs = 1000

/** One packet a second with the beats of that second, `lagMs` late and with radio jitter. */
function packetsOf(beats: readonly Beat[], startMs: number, jitterMs = 60) {
  const random = seededRandom(7)
  const bySecond = new Map<number, number[]>()
  for (const beat of beats) {
    const second = Math.ceil((beat.timeMs + lagMs - startMs) / secondMs)
    bySecond.set(second, [...(bySecond.get(second) ?? []), beat.rrTicks])
  }
  return [...bySecond].map(([second, rrTicks]) => ({
    rrTicks,
    arrivalMs: startMs + second * secondMs + Math.floor(random() * jitterMs),
  }))
}

function runTimeline(packets: ReturnType<typeof packetsOf>) {
  const timeline = new StrapTimeline()
  return packets.flatMap(({ rrTicks, arrivalMs }) => timeline.add(rrTicks, arrivalMs))
}

const startMs = 1_700_000_000_000
const heart = simulateBeats({ seed: 3, startMs, durationMs: 120_000 })

describe('SENS-1 beat times rebuilt from intervals', () => {
  test('a steady strap is one series, each beat at a constant lag from the true one', () => {
    const events = runTimeline(packetsOf(heart, startMs))
    expect(new Set(events.map((event) => event.series)).size).toBe(1)
    const beats = events.flatMap((event) => event.beats)
    expect(beats.map((beat) => beat.rrTicks)).toEqual(heart.map((beat) => beat.rrTicks))
    // After the envelope has found the smallest delay, jitter of arrival no longer shows.
    const settled = beats.slice(60).map((beat, at) => beat.timeMs - (heart[at + 60]?.timeMs ?? 0))
    expect(Math.max(...settled) - Math.min(...settled)).toBeLessThan(40)
    expect(Math.min(...settled)).toBeGreaterThanOrEqual(lagMs)
    expect(Math.max(...settled)).toBeLessThan(lagMs + secondMs)
  })

  test('a beat that the strap left out ends the series', () => {
    let packetsToEnd = 0
    for (let at = 20; at < 60; at += 1) {
      const packets = packetsOf(heart, startMs)
      packets[at]?.rrTicks.pop()
      const events = runTimeline(packets)
      expect(new Set(events.map((event) => event.series)).size).toBe(2)
      const ended = events.findIndex((event) => event.series === 2)
      expect(ended).toBeGreaterThanOrEqual(at)
      packetsToEnd = Math.max(packetsToEnd, ended - at)
    }
    expect(packetsToEnd).toBeLessThan(30)
  })

  test('no heart is broken by packets, whatever its rate and the radio', () => {
    for (let seed = 0; seed < 60; seed += 1) {
      const options = { seed, restBpm: 42 + seed, rsaMs: (seed * 17) % 120 }
      const packets = packetsOf(
        simulateBeats({ ...options, startMs, durationMs: 240_000 }),
        startMs,
        200,
      )
      expect(new Set(runTimeline(packets).map((event) => event.series)).size).toBe(1)
    }
  })

  test('a beat sent twice ends the series', () => {
    for (const restBpm of [52, 62, 75]) {
      const beats = simulateBeats({ seed: 8, restBpm, startMs, durationMs: 240_000 })
      for (let at = 80; at < 100; at += 1) {
        const packets = packetsOf(beats, startMs)
        packets[at]?.rrTicks.push(...(packets[at]?.rrTicks.slice(-1) ?? []))
        const events = runTimeline(packets)
        expect(events.at(-1)?.series).toBe(2)
      }
    }
  })

  test('silence of more than 3 s and an interval of 0 end the series', () => {
    const silent = packetsOf(heart, startMs)
    silent.splice(40, 4)
    expect(new Set(runTimeline(silent).map((event) => event.series)).size).toBe(2)
    const zero = packetsOf(heart, startMs)
    zero[40]?.rrTicks.unshift(0)
    expect(new Set(runTimeline(zero).map((event) => event.series)).size).toBe(2)
  })

  test('a clock that drifts 100 ppm against ours for four hours is no gap', () => {
    const long = simulateBeats({ seed: 4, startMs, durationMs: 4 * 3_600_000 })
    for (const rate of [1.0001, 0.9999]) {
      const packets = packetsOf(long, startMs).map(({ rrTicks, arrivalMs }) => ({
        rrTicks,
        arrivalMs: startMs + (arrivalMs - startMs) * rate,
      }))
      expect(new Set(runTimeline(packets).map((event) => event.series)).size).toBe(1)
    }
  })

  test('a window cut from the rebuilt beats holds the true intervals', () => {
    const buffer = new BeatBuffer()
    for (const event of runTimeline(packetsOf(heart, startMs))) buffer.add(event)
    const window = buffer.cutLatest(startMs + 121_000)
    if (!window.ok) throw new Error(window.error.code)
    const true60 = heart.slice(-window.value.ticks.length).map((beat) => beat.rrTicks)
    expect(window.value.ticks).toEqual(true60)
  })
})
