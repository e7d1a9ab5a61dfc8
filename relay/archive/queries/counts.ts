/** Counts that are kept, because counting rows of a large table takes long (ARC-5). */

import type { ArchiveDatabase } from '../pool.ts'

export async function readCounts(
  database: ArchiveDatabase,
): Promise<{ readonly blocks: number; readonly transactions: number }> {
  const rows = await database.selectFrom('counts').selectAll().execute()
  const counts = new Map(rows.map((row) => [row.name, row.value]))
  return { blocks: counts.get('blocks') ?? 0, transactions: counts.get('transactions') ?? 0 }
}
