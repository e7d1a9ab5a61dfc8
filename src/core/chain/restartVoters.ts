/**
 * Who may restart an epoch, for who follows headers alone (RECOVER-1, SYNC-2). The boundary before
 * the epoch commits to the state before it, in which one leaf names the set by its root; so the
 * leaf is shown with its path, and the set with it, and whoever shows them is trusted with nothing.
 */
import { err, ok, type Result } from '../base/result.ts'
import { readVoterSet, type VoterSet, type VoterSetError } from '../checkpoint/voterSet.ts'
import { CheckpointRecord, CheckpointVoters } from '../codec/checkpoint.ts'
import { RestartVoters } from '../codec/restart.ts'
import { StateProof } from '../codec/state.ts'
import { decodeStrict, type DecodeError } from '../codec/strict.ts'
import { smtVerify } from '../crypto/smtProof.ts'
import { keyOf, proveLeaf, readSingle, type LedgerState } from '../ledger/state.ts'
import { checkpointRecord } from '../ledger/tables.ts'

/** Three contents, roots, an aggregate, and five bitmaps over 10,000 voters. */
const recordBytesMax = 12 * 1024
/** A path of 256 hashes. */
const proofBytesMax = 16 * 1024
/** With a set of 10,000 voters: 1.3 MB. */
export const restartVotersBytesMax = 2 * 1024 * 1024

export type RestartVotersError =
  | DecodeError
  | VoterSetError
  /** Of another epoch than the one asked for, or a path that does not lead to the root. */
  | { readonly code: 'RESTART_VOTERS_UNPROVEN' }
  /** Nobody voted on checkpoints by then: this epoch has no restart by stake. */
  | { readonly code: 'LIGHT_RESTART_FORBIDDEN' }

const none = new Uint8Array(0)

/**
 * The leaf of the state before the boundary before `epoch`, without the set; undefined where nobody
 * may restart that epoch by stake.
 */
export function proveRestartVoters(before: LedgerState, epoch: number): RestartVoters | undefined {
  const record = readSingle(before, checkpointRecord)
  if (record.votersRoot.length === 0) return undefined
  const proof = proveLeaf(before, checkpointRecord, undefined)
  return {
    epoch,
    record: CheckpointRecord.encode(record),
    proof: StateProof.encode(proof),
    voters: none,
  }
}

/** The same with the set that it names. */
export function withVoters(proven: RestartVoters, { voters }: VoterSet): Uint8Array {
  const bytes = CheckpointVoters.encode({ voters: [...voters] })
  return RestartVoters.encode({ ...proven, voters: bytes })
}

/** `stateRoot` is of the header of the boundary before `epoch`. The bytes may be anything. */
export function readRestartVoters(
  bytes: Uint8Array,
  place: { readonly epoch: number; readonly stateRoot: Uint8Array },
): Result<VoterSet, RestartVotersError> {
  const shown = decodeStrict(RestartVoters, bytes, restartVotersBytesMax)
  if (!shown.ok) return shown
  const proof = decodeStrict(StateProof, shown.value.proof, proofBytesMax)
  if (!proof.ok) return proof
  const key = keyOf(checkpointRecord, undefined)
  const isProven =
    shown.value.epoch === place.epoch &&
    smtVerify(place.stateRoot, key, shown.value.record, proof.value)
  if (!isProven) return err({ code: 'RESTART_VOTERS_UNPROVEN' })
  const record = decodeStrict(CheckpointRecord, shown.value.record, recordBytesMax)
  if (!record.ok) return record
  const { votersRoot } = record.value
  if (votersRoot.length === 0) return err({ code: 'LIGHT_RESTART_FORBIDDEN' })
  const set = readVoterSet(shown.value.voters, votersRoot)
  return set.ok ? ok(set.value) : set
}
