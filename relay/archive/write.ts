/**
 * ARC-3, ARC-4: appends a batch of final blocks and what they changed in one transaction.
 *
 * The tip row is locked first, so writers take turns. What is stored already is compared and left
 * alone; a different block at a stored height is refused, because one of the two chains is wrong.
 * Nothing is written above a gap. When this returns, the batch is on disk.
 */

import { equalBytes } from '../../src/core/base/bytes.ts'
import { ok, type Result } from '../../src/core/base/result.ts'
import type { Transaction } from 'kysely'
import type { Failure } from '../failure.ts'
import {
  closeEpochs,
  insertBlocks,
  insertEpochs,
  insertEvidence,
  insertReady,
  insertTransactions,
  markReady,
  upsertAccounts,
  upsertValidators,
  writeLeaves,
} from './insertRows.ts'
import { isRetryable, type ArchiveDatabase } from './pool.ts'
import { writeRestartVoters } from './queries/restartVoters.ts'
import type { ArchiveBlock, ArchiveOrigin, ArchiveTip } from './rows.ts'
import type { ArchiveTables } from './tables.ts'

type Writing = Transaction<ArchiveTables>

export type AppendError =
  /** Blocks between are missing: fetch from `expected` on. */
  | (Failure & { readonly code: 'ARCHIVE_GAP'; readonly expected: number })
  /** Another block is stored at that height, or the parent does not fit: never overwritten. */
  | (Failure & { readonly code: 'ARCHIVE_CONFLICT'; readonly height: number })

const attemptsMax = 8

/**
 * Writes the beginning of the chain into an empty archive; refuses the archive of another chain.
 */
export async function openArchive(
  database: ArchiveDatabase,
  origin: ArchiveOrigin,
): Promise<Result<ArchiveTip, Failure & { readonly code: 'ARCHIVE_OTHER_CHAIN' }>> {
  return await serializable(database, async (db) => {
    const stored = await db.selectFrom('tip').selectAll().executeTakeFirst()
    if (stored === undefined) {
      const hash = origin.genesisHash
      await db.insertInto('tip').values(firstTip(origin)).execute()
      await insertEpochs(db, origin.opens)
      await upsertAccounts(db, atHeight(origin.accounts, 0))
      await upsertValidators(db, atHeight(origin.validators, 0))
      await writeLeaves(db, origin.leaves)
      return ok({ height: 0, hash, stateRoot: origin.stateRoot })
    }
    const same = equalBytes(stored.genesis_hash, origin.genesisHash)
    if (same) return ok({ height: stored.height, hash: stored.hash, stateRoot: stored.state_root })
    return {
      ok: false,
      error: {
        code: 'ARCHIVE_OTHER_CHAIN',
        message: `The database holds ${stored.chain_id}, this relay serves ${origin.chainId}.`,
        fix: 'Give this relay a database of its own with --database-url or --data.',
      },
    }
  })
}

export async function appendBlocks(
  database: ArchiveDatabase,
  batch: readonly ArchiveBlock[],
): Promise<Result<ArchiveTip, AppendError>> {
  return await serializable(database, (db) => append(db, batch))
}

async function append(
  db: Writing,
  batch: readonly ArchiveBlock[],
): Promise<Result<ArchiveTip, AppendError>> {
  const row = await db.selectFrom('tip').selectAll().forUpdate().executeTakeFirstOrThrow()
  const tip: ArchiveTip = { height: row.height, hash: row.hash, stateRoot: row.state_root }
  const known = batch.filter((block) => block.height <= tip.height)
  const conflict = await findConflict(db, known)
  if (conflict !== undefined) return conflicting(conflict, 'another block is stored there')
  const fresh = batch.filter((block) => block.height > tip.height)
  const last = fresh.at(-1)
  if (last === undefined) return ok(tip)
  const broken = checkChain(tip, fresh)
  if (broken !== undefined) return { ok: false, error: broken }
  await insertAll(db, fresh)
  const next = { height: last.height, hash: last.hash, stateRoot: last.stateRoot }
  await db
    .updateTable('tip')
    .set({ height: next.height, hash: next.hash, state_root: next.stateRoot })
    .execute()
  return ok(next)
}

async function insertAll(db: Writing, blocks: readonly ArchiveBlock[]): Promise<void> {
  await insertBlocks(db, blocks)
  const transactionCount = await insertTransactions(db, blocks)
  await insertReady(db, blocks)
  await insertEvidence(db, blocks)
  await insertEpochs(
    db,
    blocks.flatMap((block) => block.opens),
  )
  await closeEpochs(db, blocks)
  await writeRestartVoters(db, blocks)
  await upsertAccounts(
    db,
    blocks.flatMap((block) => atHeight(block.accounts, block.height)),
  )
  await upsertValidators(
    db,
    blocks.flatMap((block) => atHeight(block.validators, block.height)),
  )
  await markReady(db, blocks)
  await writeLeaves(
    db,
    blocks.flatMap((block) => block.leaves),
  )
  await addToCount(db, 'blocks', blocks.length)
  await addToCount(db, 'transactions', transactionCount)
}

async function addToCount(db: Writing, name: string, value: number): Promise<void> {
  await db
    .insertInto('counts')
    .values({ name, value })
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet((column) => ({
        value: column('counts.value', '+', column.ref('excluded.value')),
      })),
    )
    .execute()
}

async function findConflict(
  db: Writing,
  known: readonly ArchiveBlock[],
): Promise<number | undefined> {
  if (known.length === 0) return undefined
  const rows = await db
    .selectFrom('blocks')
    .select(['height', 'hash'])
    .where(
      'height',
      'in',
      known.map((block) => block.height),
    )
    .execute()
  const stored = new Map(rows.map((row) => [row.height, row.hash]))
  return known.find((block) => {
    const hash = stored.get(block.height)
    return hash === undefined || !equalBytes(hash, block.hash)
  })?.height
}

function checkChain(tip: ArchiveTip, blocks: readonly ArchiveBlock[]): AppendError | undefined {
  let parent: { readonly height: number; readonly hash: Uint8Array } = tip
  for (const block of blocks) {
    if (block.height !== parent.height + 1) return gap(parent.height + 1, block.height)
    if (!equalBytes(block.parent, parent.hash)) {
      return conflicting(block.height, 'its parent is not the block stored below it').error
    }
    parent = block
  }
  return undefined
}

/** Tried again when PostgreSQL could not order it against another writer. */
async function serializable<T>(
  database: ArchiveDatabase,
  work: (db: Writing) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await database.transaction().setIsolationLevel('serializable').execute(work)
    } catch (thrown) {
      if (attempt >= attemptsMax || !isRetryable(thrown)) throw thrown
    }
  }
}

function firstTip(origin: ArchiveOrigin): ArchiveTables['tip'] {
  return {
    only_row: true,
    chain_id: origin.chainId,
    genesis_hash: origin.genesisHash,
    height: 0,
    hash: origin.genesisHash,
    state_root: origin.stateRoot,
  }
}

function atHeight<Row>(
  rows: readonly Row[],
  height: number,
): readonly (Row & { readonly height: number })[] {
  return rows.map((row) => ({ ...row, height }))
}

function gap(expected: number, found: number): AppendError {
  return {
    code: 'ARCHIVE_GAP',
    expected,
    message: `The archive needs block ${String(expected)} before block ${String(found)}.`,
    fix: `Send the blocks from height ${String(expected)} on, in order.`,
  }
}

function conflicting(
  height: number,
  reason: string,
): { readonly ok: false; readonly error: AppendError } {
  return {
    ok: false,
    error: {
      code: 'ARCHIVE_CONFLICT',
      height,
      message: `Block ${String(height)} contradicts the archive: ${reason}.`,
      fix: 'Compare with other relays: one of the two is of another chain. Nothing was written.',
    },
  }
}
