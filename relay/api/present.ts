/** Rows of the archive in the shapes of the API. */

import { signersOf } from '../../src/core/bft/certificate.ts'
import { hex } from '../../src/core/base/bytes.ts'
import type { BlockRow, BlockSummaryRow } from '../archive/queries/blocks.ts'
import type { EpochSummaryRow, SeatSummaryRow } from '../archive/queries/epochs.ts'
import type { TransactionRow } from '../archive/queries/transactions.ts'
import type { ValidatorSummaryRow } from '../archive/queries/validators.ts'
import type {
  BlockDetails,
  BlockSummary,
  EpochSummary,
  SeatSummary,
  Shape,
  TransactionSummary,
  ValidatorSummary,
} from './schemas.ts'

export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64')
}

export function presentBlock(row: BlockSummaryRow): Shape<typeof BlockSummary> {
  return {
    height: row.height,
    hash: hex(row.hash),
    parent: hex(row.parent),
    epoch: row.epoch,
    view: row.view,
    timeMs: row.time_ms,
    seat: row.seat,
    proposer: hex(row.proposer),
    isBoundary: row.is_boundary,
    transactionCount: row.transaction_count,
    signers: [...(signersOf(row.signers.length * 8, row.signers) ?? [])],
    signerCount: row.signer_count,
  }
}

export function presentBlockDetails(
  row: BlockRow,
  transactions: readonly TransactionRow[],
): Shape<typeof BlockDetails> {
  return {
    ...presentBlock(row),
    header: base64(row.header),
    body: base64(row.body),
    certificate: base64(row.certificate),
    path: base64(row.path),
    transactions: transactions.map(presentTransaction),
  }
}

export function presentTransaction(row: TransactionRow): Shape<typeof TransactionSummary> {
  return {
    hash: hex(row.hash),
    height: row.height,
    position: row.position,
    kind: row.kind,
    sender: hex(row.sender),
    nonce: row.nonce,
    bytes: base64(row.bytes),
  }
}

export function presentEpoch(row: EpochSummaryRow): Shape<typeof EpochSummary> {
  return {
    epoch: row.epoch,
    startMs: row.start_ms,
    committeeRoot: hex(row.committee_root),
    seatCount: row.seat_count,
    boundaryHeight: row.boundary_height,
    boundaryHash: row.boundary_hash === null ? null : hex(row.boundary_hash),
    restarts: [...row.restarts],
  }
}

export function presentSeat(row: SeatSummaryRow): Shape<typeof SeatSummary> {
  return {
    epoch: row.epoch,
    seat: row.seat,
    validator: hex(row.validator),
    epochKey: hex(row.epoch_key),
    power: row.power,
    peerId: row.peer_id,
    score: row.score,
  }
}

export function presentValidator(row: ValidatorSummaryRow): Shape<typeof ValidatorSummary> {
  return {
    id: hex(row.id),
    status: row.status,
    bondedMicro: row.bonded_micro,
    unbondingMicro: row.unbonding_micro,
    reputation: row.reputation,
    uptime: row.uptime,
    jailedUntilEpoch: row.jailed_until_epoch,
    registeredEpoch: row.registered_epoch,
    score: row.score,
    lastReadyEpoch: row.last_ready_epoch,
    updatedHeight: row.updated_height,
  }
}
