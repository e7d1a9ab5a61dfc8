/** When epochs begin and end, as far as it is known now (EPOCH-2): what comes may come later. */
import type { EpochRecord } from '../../core/codec/state.ts'
import { phasesOf, type Params } from '../../core/params.ts'

/** start(e), or when it will be at the earliest while the epoch has no block yet. */
export function startOf(record: EpochRecord, params: Pick<Params, 'epochMs'>): number {
  return record.open ? record.startMs : record.boundaryMs + phasesOf(params).gapMs
}

/** Start of a coming epoch. */
export function startOfEpoch(record: EpochRecord, params: Params, epoch: number): number {
  return startOf(record, params) + (epoch - record.epoch) * params.epochMs
}

/** The boundary of the running or a coming epoch. */
export function boundaryOfEpoch(record: EpochRecord, params: Params, epoch: number): number {
  return startOfEpoch(record, params, epoch) + phasesOf(params).boundaryMs
}
