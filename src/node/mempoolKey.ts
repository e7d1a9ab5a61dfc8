/**
 * Under what a transaction waits and whose room it takes. Evidence has no sender and can be worded
 * in many ways, so it is known by what it accuses of (EVID-1). That is what it says itself: a key
 * counts only once the transaction was verified.
 */
import { mapKey } from '../core/base/bytes.ts'
import type { EvidenceMark } from '../core/codec/state.ts'
import { read, readSingle, type LedgerState } from '../core/ledger/state.ts'
import { epochRecord, evidenceMarks } from '../core/ledger/tables.ts'
import type { DecodedTransaction } from '../core/ledger/transactionBytes.ts'
import { doubleVoteKey } from '../core/ledger/transactions/doubleCheckpoint.ts'
import { offenceOf } from '../core/ledger/transactions/evidence.ts'
import { protocol } from '../core/params.ts'

function accusationOf({ transaction }: DecodedTransaction): EvidenceMark | undefined {
  const { evidence } = transaction
  return evidence === undefined ? undefined : offenceOf(evidence)
}

/** One offence waits once: which votes show it and when it expires are anybody's to choose. */
export function keyOf(decoded: DecodedTransaction): string {
  const { doubleCheckpoint } = decoded.transaction
  if (doubleCheckpoint !== undefined) return doubleVoteKey(doubleCheckpoint)
  const offence = accusationOf(decoded)
  if (offence === undefined) return mapKey(decoded.id)
  return `${roomOf(decoded)}:${String(offence.view)}`
}

/** The sender, or the seat that evidence of a kind accuses. */
export function roomOf(decoded: DecodedTransaction): string {
  const offence = accusationOf(decoded)
  if (offence === undefined) return mapKey(decoded.transaction.sender)
  const { kind, epoch, seat } = offence
  return `evidence:${String(kind)}:${String(epoch)}:${String(seat)}`
}

/** Last epoch: evidence is judged while the committee is kept, whatever its expiry. */
export function usefulUntil(decoded: DecodedTransaction): number {
  const { expiryEpoch } = decoded.transaction
  const offence = accusationOf(decoded)
  if (offence === undefined) return expiryEpoch
  return Math.min(expiryEpoch, offence.epoch + protocol.committeesKept)
}

/** Evidence that a final block holds, or that came too late for one. */
export function isJudged(state: LedgerState, decoded: DecodedTransaction): boolean {
  const offence = accusationOf(decoded)
  if (offence === undefined) return false
  const isLate = usefulUntil(decoded) < readSingle(state, epochRecord).epoch
  return isLate || read(state, evidenceMarks, offence) !== undefined
}
