/**
 * The simulated heart of a rehearsal validator (SENS-4): seeded by its keys, so that every one
 * beats in its own way and keeps its own rest baseline over restarts.
 */
import type { HeartOptions } from '../../src/adapters/sensors/heartModel.ts'
import { simulateBeats } from '../../src/adapters/sensors/simulatedBeats.ts'
import { BeatBuffer } from '../../src/adapters/sensors/beatBuffer.ts'
import type { Baseline } from '../../src/core/emotion/baseline.ts'
import { measureBaseline } from '../../src/core/emotion/measureBaseline.ts'
import { markWindow } from '../../src/core/emotion/quality.ts'

const windowMs = 60_000

/** Three minutes of rest, a window each half minute (FIT-2). */
const restMs = 180_000
const stepMs = 30_000

export function heartOf(identity: Uint8Array): HeartOptions {
  const [first = 0, second = 0, third = 0, fourth = 0] = identity
  return {
    seed: (first << 16) | (second << 8) | third,
    restBpm: 56 + (second % 14),
    rsaMs: 45 + (third % 35),
    breathPerMin: 12 + (fourth % 5),
  }
}

/** The heart's own rest baseline, measured on its beats as anyone's is. */
export function restBaseline(heart: HeartOptions): Baseline {
  const buffer = new BeatBuffer()
  buffer.add({
    kind: 'beats',
    series: 1,
    beats: simulateBeats({ ...heart, durationMs: restMs + windowMs }),
  })
  const windows = []
  for (let endMs = windowMs + stepMs; endMs <= restMs + stepMs; endMs += stepMs) {
    const cut = buffer.cutWindow(endMs)
    if (!cut.ok) throw new Error(`the simulated heart gives no window: ${cut.error.code}`)
    windows.push(markWindow(cut.value))
  }
  const measured = measureBaseline(windows)
  if (!measured.ok) throw new Error(`the simulated heart gives no baseline: ${measured.error.code}`)
  return measured.value
}
