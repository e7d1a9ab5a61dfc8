/** Where a validator without a seat stands in the draw of the next epoch (UX-1, COM-3). */
import { read, readSingle, type LedgerState } from '../../core/ledger/state.ts'
import { epochRecord, parameters, readyEntries } from '../../core/ledger/tables.ts'
import type { Duty, DutyReason } from '../api.ts'
import { committeeOf, seatIndexOf } from '../epochEnv.ts'
import { confirmState } from './confirmAttempt.ts'
import { startOfEpoch } from './epochTimes.ts'

export interface Candidacy {
  /** Of the proof that is being made. */
  readonly progress: { readonly stage: string; readonly percent: number } | undefined
  /** The last epoch that a READY was sent for. */
  readonly readyFor: number
  readonly obstacle: DutyReason | undefined
}

export function describeCandidate(
  state: LedgerState,
  identity: Uint8Array,
  { progress, readyFor, obstacle }: Candidacy,
): Duty {
  const record = readSingle(state, epochRecord)
  const epoch = record.epoch + 1
  if (progress !== undefined) return { state: 'proving', epoch, ...progress }
  // Known from the end of the confirmations on: then the draw itself says nothing any more.
  const committee = committeeOf(state, epoch)
  const seat = committee && seatIndexOf(committee, identity)
  if (seat !== undefined || confirmState(state, identity) !== 'not-drawn') {
    return { state: 'confirmed', epoch, seat }
  }
  if (readyFor >= epoch && committee === undefined) {
    const onChain = read(state, readyEntries, identity) !== undefined
    return { state: 'ready', epoch, onChain }
  }
  if (readyFor < epoch && obstacle !== undefined) return { state: 'absent', reason: obstacle }
  const nextAtMs = startOfEpoch(record, readSingle(state, parameters), epoch + 1)
  return { state: 'idle', nextEpoch: epoch + 1, nextAtMs }
}
