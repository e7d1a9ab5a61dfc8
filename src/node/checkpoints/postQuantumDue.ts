/** From whom ML-DSA-87 is due on the pending number; undefined where none is (CKPT-1). */
import type { CheckpointRecord } from '../../core/codec/checkpoint.ts'
import { needsPostQuantum, postQuantumVoters } from '../../core/ledger/checkpoints.ts'
import { readSingle, type LedgerState } from '../../core/ledger/state.ts'
import { parameters } from '../../core/ledger/tables.ts'
import type { PostQuantumDue } from './postQuantumBallot.ts'

export function postQuantumDue(
  state: LedgerState,
  record: CheckpointRecord,
): PostQuantumDue | undefined {
  const named = postQuantumVoters(state)
  const { postQuantum, content } = record
  if (!needsPostQuantum(record, readSingle(state, parameters))) return undefined
  if (named === undefined || postQuantum === undefined || content === undefined) return undefined
  return { named, seed: { beacon: postQuantum.beacon, number: content.number } }
}
