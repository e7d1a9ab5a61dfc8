import { describe, expect, it } from 'vitest'
import { respirationOf } from '../adapters/sensors/hrv/respiration.ts'
import type { BeatsEvent } from '../ports/sensor.ts'
import { BreathRate } from './breathRate.ts'

/** Beats of a heart that swings with 15 breaths a minute. */
function beatsOf(series: number, count: number): BeatsEvent {
  let timeMs = 0
  const beats = Array.from({ length: count }, () => {
    const rrTicks = 920 + Math.round(50 * Math.sin((2 * Math.PI * timeMs) / 4000))
    timeMs += (1000 * rrTicks) / 1024
    return { timeMs, rrTicks }
  })
  return { kind: 'beats', series, beats }
}

describe('HRV-4 breathing on the page', () => {
  it('is there after three quarters of a minute in one series, and as exact as it is read', () => {
    const rate = new BreathRate(respirationOf)
    expect(rate.add(beatsOf(1, 30))).toBeUndefined()
    const found = new BreathRate(respirationOf).add(beatsOf(1, 70))
    expect(Math.abs((found?.breathsPerMinute ?? NaN) - 15)).toBeLessThan(0.7)
    expect(found?.confidence).toBeGreaterThan(0.7)
  })

  it('SENS-3 nothing of an earlier series counts', () => {
    const rate = new BreathRate(respirationOf)
    expect(rate.add(beatsOf(1, 70))).toBeDefined()
    expect(rate.add(beatsOf(2, 20))).toBeUndefined()
  })

  it('an extra beat is marked, and takes no more than itself', () => {
    const { kind, series, beats } = beatsOf(1, 68)
    const split = beats.flatMap((beat, index) =>
      index === 40
        ? [
            { ...beat, rrTicks: 500 },
            { ...beat, rrTicks: 420 },
          ]
        : [beat],
    )
    const found = new BreathRate(respirationOf).add({ kind, series, beats: split })
    expect(Math.abs((found?.breathsPerMinute ?? NaN) - 15)).toBeLessThan(1)
  })
})
