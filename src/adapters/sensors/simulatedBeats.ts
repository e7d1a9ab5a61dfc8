/** A stretch of a simulated heart at once (SENS-4), for tests, vectors and benchmarks. */

import type { Beat } from '../../ports/sensor.ts'
import { heartModel, type HeartOptions } from './heartModel.ts'

export function simulateBeats(
  options: HeartOptions & { readonly startMs?: number; readonly durationMs: number },
): readonly Beat[] {
  const { startMs = 0, durationMs } = options
  const nextBeat = heartModel(options)
  const beats: Beat[] = []
  for (;;) {
    const beat = nextBeat()
    if (beat.timeMs > durationMs) return beats
    beats.push({ timeMs: startMs + beat.timeMs, rrTicks: beat.rrTicks })
  }
}
