/** Blocks by height, by hash, and in pages from the newest down (ARC-5). */

import type { ArchiveDatabase } from '../pool.ts'

const summaryColumns = [
  ...(['height', 'hash', 'parent', 'epoch', 'view', 'time_ms', 'seat', 'proposer'] as const),
  ...(['is_boundary', 'transaction_count', 'signers', 'signer_count'] as const),
] as const

export interface BlockSummaryRow {
  readonly height: number
  readonly hash: Uint8Array
  readonly parent: Uint8Array
  readonly epoch: number
  readonly view: number
  readonly time_ms: number
  readonly seat: number
  readonly proposer: Uint8Array
  readonly is_boundary: boolean
  readonly transaction_count: number
  readonly signers: Uint8Array
  readonly signer_count: number
}

export interface BlockRow extends BlockSummaryRow {
  readonly header: Uint8Array
  readonly body: Uint8Array
  readonly certificate: Uint8Array
  readonly path: Uint8Array
}

export interface BlockPage {
  /** Only below this height. */
  readonly before: number | undefined
  readonly epoch: number | undefined
  readonly proposer: Uint8Array | undefined
  readonly countMax: number
}

/** Newest first. */
export async function listBlocks(
  database: ArchiveDatabase,
  page: BlockPage,
): Promise<readonly BlockSummaryRow[]> {
  let query = database.selectFrom('blocks').select(summaryColumns)
  if (page.before !== undefined) query = query.where('height', '<', page.before)
  if (page.epoch !== undefined) query = query.where('epoch', '=', page.epoch)
  if (page.proposer !== undefined) query = query.where('proposer', '=', page.proposer)
  return await query.orderBy('height', 'desc').limit(page.countMax).execute()
}

export async function findBlock(
  database: ArchiveDatabase,
  key: { readonly height: number } | { readonly hash: Uint8Array },
): Promise<BlockRow | undefined> {
  const query = database.selectFrom('blocks').selectAll()
  const found =
    'height' in key ? query.where('height', '=', key.height) : query.where('hash', '=', key.hash)
  return await found.executeTakeFirst()
}

/** With their bytes, oldest first: for late joiners and for followers that missed some. */
export async function readBlocks(
  database: ArchiveDatabase,
  fromHeight: number,
  countMax: number,
): Promise<readonly BlockRow[]> {
  return await database
    .selectFrom('blocks')
    .selectAll()
    .where('height', '>=', fromHeight)
    .orderBy('height')
    .limit(countMax)
    .execute()
}

/** Blocks of these epochs that a Restart opens, oldest first (RECOVER-1). */
export async function readOpenings(
  database: ArchiveDatabase,
  epochs: readonly number[],
): Promise<readonly BlockRow[]> {
  if (epochs.length === 0) return []
  return await database
    .selectFrom('blocks')
    .innerJoin('transactions', 'transactions.height', 'blocks.height')
    .selectAll('blocks')
    .where('transactions.kind', '=', 'restart')
    .where('blocks.epoch', 'in', epochs)
    .orderBy('blocks.height')
    .execute()
}

/** Boundary blocks with the committees they hand over to, oldest first (SYNC-1). */
export async function readBoundaries(
  database: ArchiveDatabase,
  fromHeight: number,
  countMax: number,
): Promise<readonly (BlockRow & { readonly next_committee: Uint8Array | null })[]> {
  return await database
    .selectFrom('blocks')
    .leftJoin('epochs', (join) =>
      join.on((on) => on('epochs.epoch', '=', on('blocks.epoch', '+', 1))),
    )
    .selectAll('blocks')
    .select('epochs.handed_over as next_committee')
    .where('blocks.is_boundary', '=', true)
    .where('blocks.height', '>=', fromHeight)
    .orderBy('blocks.height')
    .limit(countMax)
    .execute()
}
