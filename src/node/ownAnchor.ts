/** The checkpoint that the own chain has come to, as an anchor for others (SYNC-1). */
import type { HeldCheckpoint } from '../core/checkpoint/held.ts'
import { readSingle, type LedgerState } from '../core/ledger/state.ts'
import { checkpointRecord } from '../core/ledger/tables.ts'

/** Undefined while none has formed. */
export function ownAnchor(
  chainId: string,
  state: LedgerState,
): { readonly held: HeldCheckpoint } | undefined {
  const { formed: content, postQuantum } = readSingle(state, checkpointRecord)
  if (content === undefined || postQuantum === undefined) return undefined
  return { held: { chainId, content, postQuantum } }
}
