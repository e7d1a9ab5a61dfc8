/** The reviews of the running epoch (ZK-4): who is drawn for which READY, and who did it. */
import { equalBytes } from '../base/bytes.ts'
import { isReviewer } from '../committee/reviewers.ts'
import { protocol } from '../params.ts'
import { beaconOf } from './epochs.ts'
import { read, readSingle, write, type LedgerState } from './state.ts'
import { epochRecord, reviews } from './tables.ts'

/** Whose READY for the next epoch, and by whom; both are Ed25519 keys. */
export interface Review {
  readonly validator: Uint8Array
  readonly reviewer: Uint8Array
}

export function isDrawnReviewer(state: LedgerState, { validator, reviewer }: Review): boolean {
  const record = readSingle(state, epochRecord)
  // The newest: known since the boundary before this epoch.
  const beacon = beaconOf(record, record.epoch + protocol.beaconLeadEpochs - 1)
  if (beacon === undefined) return false
  const { epoch, active } = record
  return isReviewer({ beacon, epoch: epoch + 1, active, validator, reviewer })
}

/**
 * How many reviews of the running epoch count for a validator: all that reputation and reward may
 * know of reviews. Read it before the boundary clears them.
 */
export function reviewCounts(state: LedgerState, reviewer: Uint8Array): number {
  return read(state, reviews, reviewer)?.validators.length ?? 0
}

export function isReviewed(state: LedgerState, { validator, reviewer }: Review): boolean {
  const known = read(state, reviews, reviewer)?.validators ?? []
  return known.some((one) => equalBytes(one, validator))
}

export function countReview(state: LedgerState, { validator, reviewer }: Review): LedgerState {
  const known = read(state, reviews, reviewer)?.validators ?? []
  return write(state, reviews, reviewer, { reviewer, validators: [...known, validator] })
}
