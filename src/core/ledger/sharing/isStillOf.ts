/** Whether a block may still take a part of the sharing: else it need not wait any longer. */
import { equalBytes } from '../../base/bytes.ts'
import type { SharingPart } from '../../codec/chain.ts'
import { committeeRoot } from '../../committee/handOver.ts'
import { read, readSingle, type LedgerState } from '../state.ts'
import { committees, epochRecord } from '../tables.ts'
import { placeOf, readPart } from './part.ts'
import { roundOf } from './roundState.ts'

export function isStillOf(state: LedgerState, payload: SharingPart): boolean {
  const part = readPart(payload)
  if (!part.ok) return false
  const { epoch, dealer, seat } = placeOf(part.value)
  if (epoch !== readSingle(state, epochRecord).epoch) return false
  const committee = read(state, committees, epoch)
  if (committee === undefined) return false
  if (!equalBytes(committeeRoot(committee), payload.committeeRoot)) return false
  const round = roundOf(state)
  if (round === undefined || round.phase === 'failed') return false
  if (part.value.kind === 'deal') {
    return round.phase === 'dealing' && round.deals[dealer] === undefined
  }
  if (round.secrets[dealer] !== undefined) return false
  const shown = round.shares[dealer] ?? []
  return part.value.kind === 'opening' || !shown.some((one) => one.seat === seat)
}
