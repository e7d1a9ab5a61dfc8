/** Where a validator without a seat stands in the draw of the next epoch (UX-1, COM-3). */
import { read, readSingle, type LedgerState } from '../../core/ledger/state.ts'
import { epochRecord, parameters, readyEntries } from '../../core/ledger/tables.ts'
import type { ProverProgress } from '../../ports/prover.ts'
import type { Duty, DutyReason } from '../api.ts'
import { committeeOf, seatIndexOf } from '../epochEnv.ts'
import { confirmState } from './confirmAttempt.ts'
import { startOfEpoch } from './epochTimes.ts'
import type { MinuteUnderWay } from './minuteUnderWay.ts'

/** What a sensor that is live again has behind it: either a minute is whole, or it is recorded. */
const passing: ReadonlySet<DutyReason> = new Set([
  'NO_SENSOR',
  'SENSOR_LOST',
  'SIGNAL_GAP',
  'SIGNAL_TOO_SHORT',
] satisfies DutyReason[])

export interface Candidacy {
  /** Of the proof that is being made. */
  readonly progress: Pick<ProverProgress, 'stage' | 'percent'> | undefined
  /** The last epoch that a READY was sent for. */
  readonly readyFor: number
  readonly obstacle: DutyReason | undefined
  /** A sensor that beats now. */
  readonly isLive: boolean
  readonly minute: MinuteUnderWay | undefined
}

export function describeCandidate(
  state: LedgerState,
  identity: Uint8Array,
  { progress, readyFor, obstacle, isLive, minute }: Candidacy,
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
  if (readyFor < epoch) {
    const isPassed = obstacle === undefined || (isLive && passing.has(obstacle))
    if (!isPassed) return { state: 'absent', reason: obstacle }
    if (minute !== undefined) return { state: 'measuring', ...minute }
  }
  const nextAtMs = startOfEpoch(record, readSingle(state, parameters), epoch + 1)
  return { state: 'idle', nextEpoch: epoch + 1, nextAtMs }
}
