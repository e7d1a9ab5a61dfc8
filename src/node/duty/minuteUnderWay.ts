/** The minute of beats that is being recorded, while it is not whole yet (EPOCH-0, UX-1). */
import type { EpochRecord } from '../../core/codec/state.ts'
import { phasesOf, type Params } from '../../core/params.ts'
import type { Pulse } from '../../ports/pulse.ts'
import { startOf } from './epochTimes.ts'

const minuteMs = 60_000

export interface MinuteUnderWay {
  /** The first epoch that it can serve. */
  readonly epoch: number
  readonly windowEndMs: number
}

/** Undefined without a live sensor, and once there are 60 s of beats in a row. */
export function minuteUnderWay(
  pulse: Pulse | undefined,
  record: EpochRecord,
  params: Pick<Params, 'epochMs'>,
  nowMs: number,
): MinuteUnderWay | undefined {
  if (pulse?.freshness(nowMs) !== 'fresh') return undefined
  const missingMs = minuteMs - pulse.contiguousMs(nowMs)
  if (missingMs <= 0) return undefined
  const windowEndMs = nowMs + missingMs
  const sinceMs = Math.max(0, windowEndMs - startOf(record, params))
  const epochsOn = Math.floor(sinceMs / params.epochMs)
  const isInTime = sinceMs - epochsOn * params.epochMs < phasesOf(params).readyUntilMs
  return { epoch: record.epoch + epochsOn + (isInTime ? 1 : 2), windowEndMs }
}
