/**
 * The beats of a node's sensor as the duty cycle sees them (SENS-3): windows without gaps, or the
 * reason why there is none. Implemented by the beat buffer of `src/adapters/sensors`.
 */
import type { Result } from '../core/base/result.ts'
import type { Provenance } from './sensor.ts'

export interface PulseWindow {
  readonly startMs: number
  readonly endMs: number
  readonly firstOffsetTicks: number
  /** Intervals in 1/1024 s. */
  readonly ticks: readonly number[]
  /** Which of them the sensor doubts; left out where it doubts none. */
  readonly doubtful?: readonly boolean[]
}

export interface PulseGap {
  readonly code:
    'WINDOW_EMPTY' | 'WINDOW_STALE' | 'WINDOW_GAP' | 'WINDOW_TOO_SHORT' | 'WINDOW_TOO_FAST'
}

export interface Pulse {
  readonly provenance: Provenance
  /** As the device names itself; the sensor that answered a challenge is known by it (LIVE-6). */
  readonly deviceName?: string | undefined
  /** The 60 s that end at the newest beat, refused when that beat is stale. */
  cutLatest(nowMs: number): Result<PulseWindow, PulseGap>
  cutWindow(endMs: number): Result<PulseWindow, PulseGap>
  /** Contiguous time up to now. */
  contiguousMs(nowMs: number): number
  freshness(nowMs: number): 'empty' | 'fresh' | 'lost'
}
