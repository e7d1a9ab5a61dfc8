/** From beats to a window that may be proven, or to the reason why not (QUAL-1, SENS-3). */
import { err, ok, type Result } from '../../core/base/result.ts'
import { checkQuality, markWindow, type QualityReason } from '../../core/emotion/quality.ts'
import type { RrWindow } from '../../core/emotion/window.ts'
import type { Pulse, PulseGap } from '../../ports/pulse.ts'
import type { DutyReason } from '../api.ts'

const gapReasons: Readonly<Record<PulseGap['code'], DutyReason>> = {
  WINDOW_EMPTY: 'NO_SENSOR',
  WINDOW_STALE: 'SENSOR_LOST',
  WINDOW_GAP: 'SIGNAL_GAP',
  WINDOW_TOO_SHORT: 'SIGNAL_TOO_SHORT',
  WINDOW_TOO_FAST: 'HEART_RATE_HIGH',
}

const qualityReasons: Readonly<Record<QualityReason, DutyReason>> = {
  STALE: 'SENSOR_LOST',
  GAPS: 'SIGNAL_GAP',
  TOO_FEW_BEATS: 'SIGNAL_TOO_SHORT',
  TOO_FAST: 'HEART_RATE_HIGH',
  TOO_MANY_MARKED: 'SIGNAL_QUALITY',
  IRREGULAR_RHYTHM: 'RHYTHM_IRREGULAR',
}

export function reasonOfGap(gap: PulseGap): DutyReason {
  return gapReasons[gap.code]
}

export function reasonOfQuality(reasons: readonly QualityReason[]): DutyReason | undefined {
  const first = reasons[0]
  return first && qualityReasons[first]
}

/** The newest 60 s, marked and through the gate. */
export function provableWindow(
  pulse: Pulse | undefined,
  nowMs: number,
): Result<RrWindow, DutyReason> {
  if (pulse === undefined) return err('NO_SENSOR')
  const cut = pulse.cutLatest(nowMs)
  if (!cut.ok) return err(reasonOfGap(cut.error))
  const window = markWindow(cut.value)
  const reason = reasonOfQuality(checkQuality(window).reasons)
  return reason === undefined ? ok(window) : err(reason)
}
