/**
 * The heart's answer while the guide runs: rate from beat to beat over time, to draw beside the
 * guide's breath. Nothing is joined over a gap (UX-7).
 */

import type { TimedBeat } from '../core/liveness/cutBreathWindow.ts'
import { ticksPerSecond } from '../core/emotion/window.ts'

export interface TracePoint {
  /** Since the window began, negative before it. */
  readonly sinceMs: number
  readonly bpm: number
}

/** Two longest beats: further apart there was none. */
const gapMs = 4000
/** A steady heart is drawn as one: its scale is no narrower than this. */
const spanBpmMin = 10

export class HeartTrace {
  #points: TracePoint[] = []

  get points(): readonly TracePoint[] {
    return this.#points
  }

  clear(): void {
    this.#points = []
  }

  add(beats: readonly TimedBeat[], startMs: number): void {
    for (const { atMs, rrTicks } of beats) {
      if (rrTicks > 0) {
        this.#points.push({ sinceMs: atMs - startMs, bpm: (60 * ticksPerSecond) / rrTicks })
      }
    }
  }

  /** The rates that the scale ends at. */
  get range(): readonly [low: number, high: number] {
    const rates = this.#points.map(({ bpm }) => bpm)
    if (rates.length === 0) return [60 - spanBpmMin / 2, 60 + spanBpmMin / 2]
    const [low, high] = [Math.min(...rates), Math.max(...rates)]
    const margin = Math.max(0, spanBpmMin - (high - low)) / 2
    return [low - margin, high + margin]
  }

  /** Lines of an SVG path; `place` gives where a point lies. */
  path(place: (point: TracePoint) => readonly [x: number, y: number]): string {
    let lastMs = -Infinity
    return this.#points
      .map((point) => {
        const [x, y] = place(point)
        const verb = point.sinceMs - lastMs > gapMs ? 'M' : 'L'
        lastMs = point.sinceMs
        return `${verb}${x.toFixed(1)} ${y.toFixed(1)}`
      })
      .join('')
  }
}
