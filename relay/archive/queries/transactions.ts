/** Transactions by hash, of a block, of an account, and in pages from the newest down (ARC-5). */

import type { ArchiveDatabase } from '../pool.ts'

export interface TransactionRow {
  readonly height: number
  readonly position: number
  readonly hash: Uint8Array
  readonly kind: string
  readonly sender: Uint8Array
  readonly nonce: number
  readonly bytes: Uint8Array
}

export interface TransactionPage {
  /** Only older than this place. */
  readonly before: { readonly height: number; readonly position: number } | undefined
  readonly sender: Uint8Array | undefined
  readonly kind: string | undefined
  readonly countMax: number
}

export async function listTransactions(
  database: ArchiveDatabase,
  page: TransactionPage,
): Promise<readonly TransactionRow[]> {
  const { before, sender, kind } = page
  let query = database.selectFrom('transactions').selectAll()
  if (before !== undefined) {
    query = query.where((where) =>
      where(where.refTuple('height', 'position'), '<', where.tuple(before.height, before.position)),
    )
  }
  if (sender !== undefined) query = query.where('sender', '=', sender)
  if (kind !== undefined) query = query.where('kind', '=', kind)
  return await query
    .orderBy('height', 'desc')
    .orderBy('position', 'desc')
    .limit(page.countMax)
    .execute()
}

export async function transactionsOf(
  database: ArchiveDatabase,
  height: number,
): Promise<readonly TransactionRow[]> {
  return await database
    .selectFrom('transactions')
    .selectAll()
    .where('height', '=', height)
    .orderBy('position')
    .execute()
}

export async function findTransaction(
  database: ArchiveDatabase,
  hash: Uint8Array,
): Promise<TransactionRow | undefined> {
  return await database
    .selectFrom('transactions')
    .selectAll()
    .where('hash', '=', hash)
    .orderBy('height')
    .orderBy('position')
    .limit(1)
    .executeTakeFirst()
}
