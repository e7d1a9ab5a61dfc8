/** ARC-4: one statement for each table and batch, columns as arrays (`UNNEST`), parameters only. */

import { sql, type Transaction } from 'kysely'
import { hex } from '../../src/core/base/bytes.ts'
import type { AccountRow, ArchiveBlock, EpochRow, StateLeaf, ValidatorRow } from './rows.ts'
import type { ArchiveTables } from './tables.ts'

type Writing = Transaction<ArchiveTables>

export async function insertBlocks(db: Writing, blocks: readonly ArchiveBlock[]): Promise<void> {
  await sql`
    INSERT INTO blocks (height, hash, parent, epoch, view, time_ms, seat, proposer, is_boundary,
      transaction_count, signers, signer_count, header, body, certificate, path)
    SELECT * FROM unnest(
      ${blocks.map((block) => block.height)}::bigint[],
      ${blocks.map((block) => block.hash)}::bytea[],
      ${blocks.map((block) => block.parent)}::bytea[],
      ${blocks.map((block) => block.epoch)}::bigint[],
      ${blocks.map((block) => block.view)}::bigint[],
      ${blocks.map((block) => block.timeMs)}::bigint[],
      ${blocks.map((block) => block.seat)}::integer[],
      ${blocks.map((block) => block.proposer)}::bytea[],
      ${blocks.map((block) => block.isBoundary)}::boolean[],
      ${blocks.map((block) => block.transactions.length)}::integer[],
      ${blocks.map((block) => block.signers)}::bytea[],
      ${blocks.map((block) => block.signerCount)}::integer[],
      ${blocks.map((block) => block.header)}::bytea[],
      ${blocks.map((block) => block.body)}::bytea[],
      ${blocks.map((block) => block.certificate)}::bytea[],
      ${blocks.map((block) => block.path)}::bytea[])`.execute(db)
}

export async function insertTransactions(
  db: Writing,
  blocks: readonly ArchiveBlock[],
): Promise<number> {
  const rows = blocks.flatMap((block) =>
    block.transactions.map((entry, position) => ({ ...entry, position, height: block.height })),
  )
  if (rows.length === 0) return 0
  await sql`
    INSERT INTO transactions (height, position, hash, kind, sender, nonce, bytes)
    SELECT * FROM unnest(
      ${rows.map((row) => row.height)}::bigint[],
      ${rows.map((row) => row.position)}::integer[],
      ${rows.map((row) => row.hash)}::bytea[],
      ${rows.map((row) => row.kind)}::text[],
      ${rows.map((row) => row.sender)}::bytea[],
      ${rows.map((row) => row.nonce)}::bigint[],
      ${rows.map((row) => row.bytes)}::bytea[])`.execute(db)
  return rows.length
}

export async function insertReady(db: Writing, blocks: readonly ArchiveBlock[]): Promise<void> {
  const rows = blocks.flatMap((block) =>
    block.ready.map((entry) => ({ ...entry, height: block.height })),
  )
  if (rows.length === 0) return
  // The first READY of a validator on chain counts (READY-1).
  await sql`
    INSERT INTO ready (epoch, validator, height, position, score_threshold, provenance, nullifier,
      proof, peer_id)
    SELECT * FROM unnest(
      ${rows.map((row) => row.epoch)}::bigint[],
      ${rows.map((row) => row.validator)}::bytea[],
      ${rows.map((row) => row.height)}::bigint[],
      ${rows.map((row) => row.position)}::integer[],
      ${rows.map((row) => row.scoreThreshold)}::integer[],
      ${rows.map((row) => row.provenance)}::text[],
      ${rows.map((row) => row.nullifier)}::bytea[],
      ${rows.map((row) => row.proof)}::bytea[],
      ${rows.map((row) => row.peerId)}::text[])
    ON CONFLICT (epoch, validator) DO NOTHING`.execute(db)
}

export async function insertEvidence(db: Writing, blocks: readonly ArchiveBlock[]): Promise<void> {
  const rows = blocks.flatMap((block) =>
    block.evidence.map((entry) => ({ ...entry, height: block.height })),
  )
  if (rows.length === 0) return
  await sql`
    INSERT INTO evidence (height, position, kind, epoch, view, seat)
    SELECT * FROM unnest(
      ${rows.map((row) => row.height)}::bigint[],
      ${rows.map((row) => row.position)}::integer[],
      ${rows.map((row) => row.kind)}::text[],
      ${rows.map((row) => row.epoch)}::bigint[],
      ${rows.map((row) => row.view)}::bigint[],
      ${rows.map((row) => row.seat)}::integer[])`.execute(db)
}

/**
 * An epoch is opened by the boundary before it, again by its first block, and by each Restart: the
 * last committee runs it, the first one is what was handed over.
 */
export async function insertEpochs(db: Writing, opened: readonly EpochRow[]): Promise<void> {
  const epochs = lastOfEach(opened, (row) => row.epoch)
  if (epochs.length === 0) return
  const handedOver = new Map(
    opened.filter((row) => row.isHandedOver).map((row) => [row.epoch, row.committee]),
  )
  await sql`
    INSERT INTO epochs (epoch, start_ms, committee_root, committee, seat_count, handed_over)
    SELECT * FROM unnest(
      ${epochs.map((row) => row.epoch)}::bigint[],
      ${epochs.map((row) => row.startMs)}::bigint[],
      ${epochs.map((row) => row.committeeRoot)}::bytea[],
      ${epochs.map((row) => row.committee)}::bytea[],
      ${epochs.map((row) => row.seats.length)}::integer[],
      ${epochs.map((row) => handedOver.get(row.epoch) ?? null)}::bytea[])
    ON CONFLICT (epoch) DO UPDATE SET start_ms = EXCLUDED.start_ms,
      committee_root = EXCLUDED.committee_root, committee = EXCLUDED.committee,
      seat_count = EXCLUDED.seat_count,
      handed_over = COALESCE(epochs.handed_over, EXCLUDED.handed_over)`.execute(db)
  const rows = epochs.flatMap((row) =>
    row.seats.map((entry, seat) => ({ ...entry, seat, epoch: row.epoch })),
  )
  await db
    .deleteFrom('seats')
    .where(
      'epoch',
      'in',
      epochs.map((row) => row.epoch),
    )
    .execute()
  if (rows.length === 0) return
  await sql`
    INSERT INTO seats (epoch, seat, validator, epoch_key, power, peer_id, score)
    SELECT * FROM unnest(
      ${rows.map((row) => row.epoch)}::bigint[],
      ${rows.map((row) => row.seat)}::integer[],
      ${rows.map((row) => row.validator)}::bytea[],
      ${rows.map((row) => row.epochKey)}::bytea[],
      ${rows.map((row) => row.power)}::integer[],
      ${rows.map((row) => row.peerId)}::text[],
      ${rows.map((row) => row.score)}::integer[])`.execute(db)
}

export async function closeEpochs(db: Writing, blocks: readonly ArchiveBlock[]): Promise<void> {
  const rows = blocks.filter((block) => block.isBoundary)
  if (rows.length === 0) return
  await sql`
    UPDATE epochs SET boundary_height = closed.height, boundary_hash = closed.hash
    FROM unnest(
      ${rows.map((row) => row.epoch)}::bigint[],
      ${rows.map((row) => row.height)}::bigint[],
      ${rows.map((row) => row.hash)}::bytea[]) AS closed (epoch, height, hash)
    WHERE epochs.epoch = closed.epoch`.execute(db)
}

/** `rows` in the order of blocks: of two for one account the later one stays. */
export async function upsertAccounts(
  db: Writing,
  rows: readonly (AccountRow & { readonly height: number })[],
): Promise<void> {
  const last = lastOfEach(rows, (row) => row.id)
  if (last.length === 0) return
  await sql`
    INSERT INTO accounts (id, balance_micro, nonce, updated_height)
    SELECT * FROM unnest(
      ${last.map((row) => row.id)}::bytea[],
      ${last.map((row) => String(row.balanceMicro))}::numeric[],
      ${last.map((row) => row.nonce)}::bigint[],
      ${last.map((row) => row.height)}::bigint[])
    ON CONFLICT (id) DO UPDATE SET balance_micro = EXCLUDED.balance_micro, nonce = EXCLUDED.nonce,
      updated_height = EXCLUDED.updated_height`.execute(db)
}

export async function upsertValidators(
  db: Writing,
  rows: readonly (ValidatorRow & { readonly height: number })[],
): Promise<void> {
  const last = lastOfEach(rows, (row) => row.id)
  if (last.length === 0) return
  await sql`
    INSERT INTO validators (id, status, bonded_micro, unbonding_micro, reputation, uptime,
      jailed_until_epoch, registered_epoch, updated_height)
    SELECT * FROM unnest(
      ${last.map((row) => row.id)}::bytea[],
      ${last.map((row) => row.status)}::text[],
      ${last.map((row) => String(row.bondedMicro))}::numeric[],
      ${last.map((row) => String(row.unbondingMicro))}::numeric[],
      ${last.map((row) => row.reputation)}::integer[],
      ${last.map((row) => row.uptime)}::integer[],
      ${last.map((row) => row.jailedUntilEpoch)}::bigint[],
      ${last.map((row) => row.registeredEpoch)}::bigint[],
      ${last.map((row) => row.height)}::bigint[])
    ON CONFLICT (id) DO UPDATE SET status = EXCLUDED.status, bonded_micro = EXCLUDED.bonded_micro,
      unbonding_micro = EXCLUDED.unbonding_micro, reputation = EXCLUDED.reputation,
      uptime = EXCLUDED.uptime, jailed_until_epoch = EXCLUDED.jailed_until_epoch,
      registered_epoch = EXCLUDED.registered_epoch,
      updated_height = EXCLUDED.updated_height`.execute(db)
}

/** After `upsertValidators`: a validator's newest READY shows its score. */
export async function markReady(db: Writing, blocks: readonly ArchiveBlock[]): Promise<void> {
  const rows = lastOfEach(
    blocks.flatMap((block) => block.ready),
    (row) => row.validator,
  )
  if (rows.length === 0) return
  await sql`
    UPDATE validators SET score = shown.score, last_ready_epoch = shown.epoch
    FROM unnest(
      ${rows.map((row) => row.validator)}::bytea[],
      ${rows.map((row) => row.scoreThreshold)}::integer[],
      ${rows.map((row) => row.epoch)}::bigint[]) AS shown (id, score, epoch)
    WHERE validators.id = shown.id AND validators.last_ready_epoch <= shown.epoch`.execute(db)
}

export async function writeLeaves(db: Writing, leaves: readonly StateLeaf[]): Promise<void> {
  const last = lastOfEach(leaves, (leaf) => leaf.key)
  const removed = last.filter((leaf) => leaf.value === undefined)
  const present = last.filter((leaf) => leaf.value !== undefined)
  if (removed.length > 0) {
    await sql`
      DELETE FROM state_leaves
      WHERE key = ANY(${removed.map((leaf) => leaf.key)}::bytea[])`.execute(db)
  }
  if (present.length === 0) return
  await sql`
    INSERT INTO state_leaves (key, value)
    SELECT * FROM unnest(
      ${present.map((leaf) => leaf.key)}::bytea[],
      ${present.map((leaf) => leaf.value)}::bytea[])
    ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value`.execute(db)
}

function lastOfEach<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => Uint8Array | number,
): readonly Row[] {
  const last = new Map<string, Row>()
  for (const row of rows) {
    const key = keyOf(row)
    last.set(typeof key === 'number' ? String(key) : hex(key), row)
  }
  return [...last.values()]
}
