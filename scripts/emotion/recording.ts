/** What every kind of input becomes: intervals between beats, and what stands in their way. */

import type { PulseWave } from '../../src/adapters/sensors/hrv/pulseRespiration.ts'

export interface Interval {
  /** A new number where beats are missing in between. */
  readonly series: number
  /** When it ends, from the start of the recording. */
  readonly timeMs: number
  readonly rrMs: number
  /** Not surely placed. */
  readonly isDoubtful: boolean
  /** Perhaps not one interval: no part of the rate either. */
  readonly isOutlier: boolean
  /** One standard deviation of `rrMs`, where the sensor can tell. */
  readonly uncertaintyMs?: number
}

/** Why a recording gave no beats that could be trusted, from the signal alone (QUAL-1). */
export type SignalReason =
  'PULSE_WEAK' | 'MOVE_TO_LIGHT' | 'TOO_BRIGHT' | 'HOLD_STILL' | 'FRAME_RATE_LOW' | 'FLAT' | 'GAPS'

export interface Recording {
  readonly kind: 'rr' | 'ecg' | 'ppg' | 'face' | 'finger'
  readonly durationMs: number
  readonly intervals: readonly Interval[]
  /** The worst first. */
  readonly signalReasons: readonly SignalReason[]
  /** What the user should know: gaps, and where. */
  readonly notes: readonly string[]
  /** Of a contact sensor: breathing is in the wave itself, too (HRV-4). */
  readonly wave?: PulseWave
}
