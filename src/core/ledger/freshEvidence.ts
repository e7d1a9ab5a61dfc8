/**
 * Evidence for which a leader does not wait for the block interval (PACE-1): of the running epoch
 * or the one before.
 *
 * Evidence counts for as long as its committee is kept, and a seat that is convicted already loses
 * nothing by further offences, in views of its epoch that are long past either. Without a bound its
 * old key would hurry the chain for all that time.
 */
import type { Evidence } from '../codec/chain.ts'
import { readSingle, type LedgerState } from './state.ts'
import { epochRecord } from './tables.ts'
import { offenceOf } from './transactions/evidence.ts'

/** By what it says of itself; whether it applies is another question. A review (E9) never is. */
export function isFreshEvidence(state: LedgerState, evidence: Evidence): boolean {
  const offence = offenceOf(evidence)
  return offence !== undefined && offence.epoch + 1 >= readSingle(state, epochRecord).epoch
}
