/**
 * Seeded windows for tests: a resting heart with respiratory sinus arrhythmia, and its variations.
 *
 * Test support; no product code imports it. The cardiac model of devnets is a sensor, not this.
 */

import { markWindow } from './quality.ts'
import { rrTicksMax, rrTicksMin, windowTicks, type RrWindow } from './window.ts'
import { clamp } from './integers.ts'

/** Mulberry32: small, and the same on every engine. */
export function seededGenerator(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
}

export interface HeartOptions {
  readonly seed: number
  /** Mean interval, ticks. */
  readonly meanTicks?: number
  /** Half height of the breathing wave, ticks. */
  readonly waveTicks?: number
  readonly noiseTicks?: number
  /** Change of the mean from start to end, ticks. */
  readonly driftTicks?: number
}

/** A triangle wave of five beats up and five down, noise and a trend. */
export function testWindow(options: HeartOptions): RrWindow {
  const { seed, meanTicks = 950, waveTicks = 30, noiseTicks = 20, driftTicks = 0 } = options
  const next = seededGenerator(seed)
  const firstOffsetTicks = next() % Math.min(meanTicks, 2000)
  const ticks: number[] = []
  let endTicks = firstOffsetTicks
  for (let beat = 0; ; beat += 1) {
    const phase = (beat + (seed % 10)) % 10
    const wave = (phase < 5 ? phase : 10 - phase) * waveTicks * 2
    const noise = noiseTicks === 0 ? 0 : (next() % (2 * noiseTicks + 1)) - noiseTicks
    const drift = Math.trunc((driftTicks * endTicks) / windowTicks)
    const raw = meanTicks - waveTicks + Math.trunc(wave / 5) + noise + drift
    const rr = clamp(raw, rrTicksMin, rrTicksMax)
    if (endTicks + rr > windowTicks) break
    ticks.push(rr)
    endTicks += rr
  }
  return markWindow({ ticks, firstOffsetTicks })
}
