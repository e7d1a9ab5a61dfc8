/** The sensor in numbers for the page: heart rate, variability, quality and the score they give. */
import type { Baseline } from '../core/emotion/baseline.ts'
import { describeWindow } from '../core/emotion/features.ts'
import { checkQuality, markWindow } from '../core/emotion/quality.ts'
import { scoreWindow } from '../core/emotion/score.ts'
import type { Pulse } from '../ports/pulse.ts'
import type { SensorSummary } from './api.ts'
import { reasonOfGap, reasonOfQuality } from './duty/signal.ts'

const windowMs = 60_000

const shownAs = {
  strap: 'strap',
  'strap+ecg': 'strap',
  camera: 'camera',
  'strap+camera': 'camera',
  simulated: 'simulated',
} as const

export function sensorSummary(
  pulse: Pulse | undefined,
  baseline: Baseline | undefined,
  nowMs: number,
): SensorSummary | undefined {
  if (pulse === undefined) return undefined
  const freshness = pulse.freshness(nowMs)
  const base = {
    provenance: shownAs[pulse.provenance],
    state:
      freshness === 'fresh'
        ? ('live' as const)
        : freshness === 'lost'
          ? ('lost' as const)
          : ('connecting' as const),
    windowSeconds: Math.floor(Math.min(pulse.contiguousMs(nowMs), windowMs) / 1000),
  }
  const cut = pulse.cutLatest(nowMs)
  if (!cut.ok) {
    return {
      ...base,
      heartRateBpm: undefined,
      rmssdMs: undefined,
      quality: 0,
      qualityReason: reasonOfGap(cut.error),
      score: undefined,
    }
  }
  const window = markWindow(cut.value)
  const { meanHrCentiBpm, rmssdCentiMs } = describeWindow(window)
  const { reasons, qualityBp } = checkQuality(window)
  const canScore = reasons.length === 0 && baseline !== undefined
  return {
    ...base,
    heartRateBpm: meanHrCentiBpm === undefined ? undefined : meanHrCentiBpm / 100,
    rmssdMs: rmssdCentiMs === undefined ? undefined : rmssdCentiMs / 100,
    quality: qualityBp,
    qualityReason: reasonOfQuality(reasons),
    score: canScore ? scoreWindow(window, baseline, pulse.provenance).scoreBp : undefined,
  }
}
