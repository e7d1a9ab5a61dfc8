/**
 * Checkpoints in the state (CKPT-1): which number is next, what its content is, and who votes on
 * it, so that all of it is a function of the chain.
 *
 * A checkpointed boundary names the set that votes on the next number. The block after it knows the
 * header and the state root of the boundary, and writes down the content. A certificate that the
 * chain executes before the next checkpointed boundary lets the number form; without one it is
 * missed for good, so that all nodes agree on who votes next.
 *
 * Where nobody votes (no set was named yet, or all of it has left) there is nobody to ask: the
 * boundary founds, and who follows checkpoints begins with its content.
 */
import type {
  CheckpointAggregate,
  CheckpointContent,
  CheckpointRecord,
} from '../codec/checkpoint.ts'
import { nextVoters, votersAfterMisses, type DutyRecord } from '../checkpoint/nextVoters.ts'
import { checkpointNumberOf, postQuantumIsDue } from '../checkpoint/schedule.ts'
import { bitmapOf } from '../base/bitmap.ts'
import { equalBytes } from '../base/bytes.ts'
import type { VoterSet } from '../checkpoint/voterSet.ts'
import { hashBytes } from '../crypto/hash.ts'
import type { Params } from '../params.ts'
import type { DerivedHeader } from './deriveHeader.ts'
import { list, readSingle, writeSingle, type LedgerState } from './state.ts'
import {
  chainInfo,
  checkpointRecord,
  duties,
  epochRecord,
  parameters,
  voterSetRoles,
} from './tables.ts'
import { validatorOf } from './validators.ts'
import { votersIn, without, writeVoters } from './voterSets.ts'

const none = new Uint8Array(0)

/** Number 0 is the genesis: nobody has a lease yet, so it names nobody. */
export const genesisRecord: CheckpointRecord = {
  number: 0,
  namedRoot: none,
  nextRoot: none,
  postQuantumRoot: none,
  left: none,
  leftNext: none,
  formedLeft: none,
  formedVoters: none,
  formedSignature: none,
  restartRoot: none,
  votersRoot: none,
}

/** The set that the newest formed checkpoint names. */
export function namedVoters(state: LedgerState): VoterSet | undefined {
  const { namedRoot } = readSingle(state, checkpointRecord)
  return votersIn(state, voterSetRoles.named, namedRoot)
}

/** The set that the newest checkpointed boundary names. */
export function nextVotersOf(state: LedgerState): VoterSet | undefined {
  const { nextRoot } = readSingle(state, checkpointRecord)
  return votersIn(state, voterSetRoles.next, nextRoot)
}

/** Who votes on the number of the record; undefined while nobody does. */
export function votingSet(state: LedgerState): VoterSet | undefined {
  return without(namedVoters(state), readSingle(state, checkpointRecord).left)
}

/** The set that the last checkpoint with ML-DSA-87 names: the next signers are drawn from it. */
export function postQuantumVoters(state: LedgerState): VoterSet | undefined {
  const { postQuantumRoot } = readSingle(state, checkpointRecord)
  return votersIn(state, voterSetRoles.postQuantum, postQuantumRoot)
}

/**
 * Who may restart the running epoch (RECOVER-1): one set for all of it, so that nodes with
 * different final blocks ask the same voters.
 */
export function restartVoters(state: LedgerState): VoterSet | undefined {
  const { restartRoot } = readSingle(state, checkpointRecord)
  return votersIn(state, voterSetRoles.restart, restartRoot)
}

/**
 * At a boundary: those who voted before it, so that the boundary header, which commits to the state
 * before it, proves them to who follows headers alone. A devnet has a key for that.
 */
export function nameRestartVoters(before: LedgerState, state: LedgerState): LedgerState {
  if (readSingle(state, chainInfo).devnet !== undefined) return state
  const set = votingSet(before)
  const record = readSingle(state, checkpointRecord)
  if (equalBytes(record.restartRoot, set?.root ?? none)) return state
  const named = writeVoters(state, voterSetRoles.restart, set)
  return writeSingle(named, checkpointRecord, { ...record, restartRoot: set?.root ?? none })
}

/** The content that may be voted on now, or that has formed. */
export function pendingContent(state: LedgerState): CheckpointContent | undefined {
  return readSingle(state, checkpointRecord).content
}

export function hasFormed({ number, formed }: CheckpointRecord): boolean {
  return formed !== undefined && formed.number === number
}

/** Whether the pending checkpoint carries ML-DSA-87, or does not form. */
export function needsPostQuantum(
  { content, postQuantum }: CheckpointRecord,
  params: Pick<Params, 'postQuantumBlocks'>,
): boolean {
  if (content === undefined || postQuantum === undefined) return false
  return postQuantumIsDue(postQuantum.height, content.height, params)
}

/** In the first block after a boundary: what only this block knows completes the content. */
export function openCheckpoint(
  state: LedgerState,
  parent: Uint8Array,
  derived: DerivedHeader,
): LedgerState {
  const record = readSingle(state, checkpointRecord)
  if (record.content !== undefined || record.number === 0) return state
  const beacon = readSingle(state, epochRecord).beacons.at(-1)?.beacon ?? none
  const content: CheckpointContent = {
    number: record.number,
    epoch: derived.epoch - 1,
    height: derived.height - 1,
    timeMs: derived.parentTimeMs,
    header: parent,
    stateRoot: derived.parentStateRoot,
    nextVotersRoot: record.nextRoot.length === 0 ? new Uint8Array(hashBytes) : record.nextRoot,
    beacon,
  }
  const opened = { ...record, content }
  if (votingSet(state) !== undefined || record.nextRoot.length === 0) {
    return writeSingle(state, checkpointRecord, opened)
  }
  return formed(state, opened, { content, voters: none, signature: none }, true)
}

/** The pending number forms: the set that it names votes from now on. */
export function formed(
  state: LedgerState,
  record: CheckpointRecord,
  { content, voters, signature }: CheckpointAggregate & { readonly content: CheckpointContent },
  withPostQuantum: boolean,
): LedgerState {
  const { nextRoot } = record
  const next = votersIn(state, voterSetRoles.next, nextRoot)
  const named = writeVoters(state, voterSetRoles.named, next)
  const change = {
    formed: content,
    namedRoot: nextRoot,
    votersRoot: nextRoot,
    left: none,
    leftNext: none,
    formedLeft: record.left,
    formedVoters: voters,
    formedSignature: signature,
  }
  if (!withPostQuantum) return writeSingle(named, checkpointRecord, { ...record, ...change })
  return writeSingle(writeVoters(named, voterSetRoles.postQuantum, next), checkpointRecord, {
    ...record,
    ...change,
    postQuantum: content,
    postQuantumRoot: nextRoot,
  })
}

/** At the boundary of `epoch`, after everything else: a new number, and the set that it names. */
export function closeCheckpoint(state: LedgerState, epoch: number): LedgerState {
  const number = checkpointNumberOf(epoch, readSingle(state, parameters))
  if (number === undefined) return state
  const before = readSingle(state, checkpointRecord)
  const left = hasFormed(before) ? none : before.leftNext
  const named = namedVoters(state)
  const voting = without(named, left)
  const records = dutyRecords(state)
  const next = nextVoters(voting, records, epoch)
  const nextSet = next.ok ? next.value : undefined
  const misses = before.formed === undefined ? 0 : number - before.formed.number
  const record: CheckpointRecord = {
    ...withoutContent(before),
    number,
    nextRoot: nextSet?.root ?? none,
    votersRoot: voting?.root ?? none,
    left,
    leftNext: named === undefined ? none : leftAfter(named, records, { epoch, misses }),
  }
  return writeSingle(writeVoters(state, voterSetRoles.next, nextSet), checkpointRecord, record)
}

/** That of the new number is known in the next block. */
function withoutContent(record: CheckpointRecord): CheckpointRecord {
  const next = { ...record }
  delete next.content
  return next
}

function leftAfter(
  named: VoterSet,
  records: readonly DutyRecord[],
  options: { readonly epoch: number; readonly misses: number },
): Uint8Array {
  const { left } = votersAfterMisses(named, records, options)
  return left.length === 0 ? none : bitmapOf(named.voters.length, left)
}

/** The stake that is bonded now; what is unbonding has left. */
function dutyRecords(state: LedgerState): readonly DutyRecord[] {
  return list(state, duties).map(({ account, key, postQuantumKeyHash, leaseEpoch }) => ({
    voter: {
      account,
      key,
      postQuantumKeyHash,
      stakeMicro: validatorOf(state, account)?.bondedMicro ?? 0n,
    },
    leaseEpoch,
  }))
}
