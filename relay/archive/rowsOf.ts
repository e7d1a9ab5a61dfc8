/** What a replayed block writes (ARC-3). Everything is derived: rebuilding gives the same rows. */

import { signersOf } from '../../src/core/bft/certificate.ts'
import {
  Certificate,
  CertifiedBlock,
  Committee,
  EvidenceKind,
  Provenance,
  Vote,
} from '../../src/core/codec/chain.ts'
import { proveRestartVoters } from '../../src/core/chain/restartVoters.ts'
import { CheckpointVoters } from '../../src/core/codec/checkpoint.ts'
import type { Account, Validator } from '../../src/core/codec/state.ts'
import { decodeStrict } from '../../src/core/codec/strict.ts'
import { committeeRoot } from '../../src/core/committee/handOver.ts'
import { restartVoters } from '../../src/core/ledger/checkpoints.ts'
import {
  changedValues,
  changesBetween,
  list,
  read,
  readSingle,
  stateLeaves,
  stateRoot,
  type LedgerState,
} from '../../src/core/ledger/state.ts'
import {
  accounts,
  chainInfo,
  committees,
  epochRecord,
  parameters,
  validators,
} from '../../src/core/ledger/tables.ts'
import type { DecodedTransaction } from '../../src/core/ledger/transactionBytes.ts'
import { isActive, isJailed } from '../../src/core/ledger/validators.ts'
import { phasesOf } from '../../src/core/params.ts'
import type { Replayed } from './replay.ts'
import type {
  AccountRow,
  ArchiveBlock,
  ArchiveOrigin,
  EpochRow,
  EvidenceRow,
  ReadyRow,
  ValidatorRow,
} from './rows.ts'

const none = new Uint8Array(0)
const voteBytesMax = 1_024

export function originOf(state: LedgerState, genesisHash: Uint8Array): ArchiveOrigin {
  const committee = read(state, committees, 0)
  const startMs = readSingle(state, epochRecord).boundaryMs + gapMs(state)
  return {
    chainId: readSingle(state, chainInfo).chainId,
    genesisHash,
    stateRoot: stateRoot(state),
    opens: committee === undefined ? [] : [epochRow(committee, startMs, true)],
    accounts: list(state, accounts).map(accountRow),
    validators: list(state, validators).map((entry) => validatorRow(state, entry)),
    leaves: stateLeaves(state),
  }
}

export function rowsOf(
  before: LedgerState,
  block: CertifiedBlock,
  replayed: Replayed,
): ArchiveBlock {
  const { header, transactions, applied, point } = replayed
  const { derived, state } = applied
  const certificate = block.certificate ?? { signers: none }
  const seatCount = derived.committee.seats.length
  return {
    height: header.height,
    hash: point.hash,
    parent: header.parent,
    epoch: header.epoch,
    view: header.view,
    timeMs: header.timeMs,
    seat: header.seat,
    proposer: derived.committee.seats[header.seat]?.validator ?? none,
    isBoundary: derived.isBoundary,
    signers: certificate.signers,
    // The certificate may be of a tail of the same epoch: the same seats.
    signerCount: signersOf(seatCount, certificate.signers)?.length ?? 0,
    header: block.header,
    body: block.body,
    certificate: block.certificate === undefined ? none : Certificate.encode(block.certificate),
    path: block.path.length === 0 ? none : pathBytes(block.path),
    transactions: transactions.map((entry) => ({
      hash: entry.id,
      kind: entry.kind,
      sender: entry.transaction.sender,
      nonce: entry.transaction.nonce,
      bytes: entry.bytes,
    })),
    accounts: changedValues(before, state, accounts).flatMap(({ after }) =>
      after === undefined ? [] : [accountRow(after)],
    ),
    validators: validatorRows(before, replayed),
    opens: opensOf(replayed),
    ready: transactions.flatMap(readyRow),
    evidence: transactions.flatMap(evidenceRow),
    leaves: changesBetween(before, state),
    ...restartRows(before, replayed),
    stateRoot: stateRoot(state),
  }
}

/** A CertifiedBlock with nothing but its path. */
export function pathBytes(path: readonly Uint8Array[]): Uint8Array {
  return CertifiedBlock.encode({ header: none, body: none, path: [...path] })
}

export function pathOf(bytes: Uint8Array): readonly Uint8Array[] {
  return bytes.length === 0 ? [] : CertifiedBlock.decode(bytes).path
}

/**
 * The boundary names the next committee; its start is known with the first block, a restart may
 * change it.
 */
function opensOf({ applied, header, transactions }: Replayed): readonly EpochRow[] {
  const { derived, state } = applied
  const rows: EpochRow[] = []
  const restarts = transactions.some((entry) => entry.kind === 'restart')
  if (derived.isFirst || restarts) {
    rows.push(epochRow(derived.committee, derived.startMs, !restarts))
  }
  const next = derived.isBoundary ? read(state, committees, header.epoch + 1) : undefined
  if (next !== undefined) rows.push(epochRow(next, header.timeMs + gapMs(state), true))
  return rows
}

/** SYNC-2: what proves who may restart the next epoch, and the set when they did. */
function restartRows(
  before: LedgerState,
  { applied, header, transactions }: Replayed,
): Pick<ArchiveBlock, 'restartProven' | 'restartSet'> {
  if (readSingle(before, chainInfo).devnet !== undefined) return {}
  const { epoch } = header
  const set = transactions[0]?.kind === 'restart' ? restartVoters(before) : undefined
  const voters = set && CheckpointVoters.encode({ voters: [...set.voters] })
  const isBoundary = applied.derived.isBoundary
  return {
    restartProven: isBoundary ? proveRestartVoters(before, epoch + 1) : undefined,
    restartSet: voters && { epoch, voters },
  }
}

function gapMs(state: LedgerState): number {
  return phasesOf(readSingle(state, parameters)).gapMs
}

function epochRow(committee: Committee, startMs: number, isHandedOver: boolean): EpochRow {
  const { epoch, seats } = committee
  const root = committeeRoot(committee)
  const bytes = Committee.encode(committee)
  return { epoch, startMs, committeeRoot: root, committee: bytes, seats, isHandedOver }
}

function accountRow({ id, balanceMicro, nonce }: Account): AccountRow {
  return { id, balanceMicro, nonce }
}

/** At a boundary all of them: what they may do depends on the epoch. */
function validatorRows(before: LedgerState, { applied }: Replayed): readonly ValidatorRow[] {
  const { derived, state } = applied
  if (derived.isBoundary) return list(state, validators).map((entry) => validatorRow(state, entry))
  return changedValues(before, state, validators).flatMap(({ after }) =>
    after === undefined ? [] : [validatorRow(state, after)],
  )
}

function validatorRow(state: LedgerState, validator: Validator): ValidatorRow {
  return {
    id: validator.account,
    status: statusOf(state, validator),
    bondedMicro: validator.bondedMicro,
    unbondingMicro: validator.unbonding.reduce((sum, entry) => sum + entry.amountMicro, 0n),
    reputation: validator.reputation,
    uptime: validator.uptime,
    // "For good" is a number beyond any epoch.
    jailedUntilEpoch: Math.min(validator.jailedUntilEpoch, Number.MAX_SAFE_INTEGER),
    registeredEpoch: validator.registeredEpoch,
  }
}

function statusOf(state: LedgerState, validator: Validator): string {
  const { epoch } = readSingle(state, epochRecord)
  if (isJailed(validator, epoch)) return 'jailed'
  if (validator.absent) return 'absent'
  return isActive(validator, epoch, readSingle(state, parameters)) ? 'active' : 'inactive'
}

function readyRow(entry: DecodedTransaction, position: number): readonly ReadyRow[] {
  const { ready, sender } = entry.transaction
  if (ready === undefined) return []
  const { epoch, scoreThreshold, nullifier, proof, peerId } = ready
  const provenance = Provenance[ready.provenance]
  const row = { epoch, validator: sender, position, scoreThreshold, nullifier, proof }
  return [{ ...row, provenance: provenance.toLowerCase(), peerId }]
}

function evidenceRow(entry: DecodedTransaction, position: number): readonly EvidenceRow[] {
  const { evidence } = entry.transaction
  if (evidence === undefined) return []
  const vote = decodeStrict(Vote, evidence.first, voteBytesMax)
  if (!vote.ok) return []
  const { epoch, view, seat } = vote.value
  return [{ position, kind: EvidenceKind[evidence.kind], epoch, view, seat }]
}
