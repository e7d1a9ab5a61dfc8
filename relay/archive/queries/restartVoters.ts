/** Who may restart an epoch by stake, and how it is written down (ARC-3, RECOVER-1). */

import { sql, type Transaction } from 'kysely'
import { RestartVoters } from '../../../src/core/codec/restart.ts'
import type { ArchiveDatabase } from '../pool.ts'
import type { ArchiveBlock } from '../rows.ts'
import type { ArchiveTables } from '../tables.ts'

/** Exact bytes of a RestartVoters; undefined for an epoch that was not restarted by stake. */
export async function findRestartVoters(
  database: ArchiveDatabase,
  epoch: number,
): Promise<Uint8Array | undefined> {
  const found = await database
    .selectFrom('restart_voters')
    .selectAll()
    .where('epoch', '=', epoch)
    .where('voters', 'is not', null)
    .executeTakeFirst()
  if (found === undefined || found.voters === null) return undefined
  const proven = RestartVoters.decode(found.proven)
  return RestartVoters.encode({ ...proven, voters: found.voters })
}

/** Of an epoch that was not restarted nothing stays once it is over. */
export async function writeRestartVoters(
  db: Transaction<ArchiveTables>,
  blocks: readonly ArchiveBlock[],
): Promise<void> {
  for (const { restartProven, restartSet } of blocks) {
    if (restartSet !== undefined) {
      await sql`UPDATE restart_voters SET voters = ${restartSet.voters}
        WHERE epoch = ${restartSet.epoch}`.execute(db)
    }
    if (restartProven === undefined) continue
    const { epoch } = restartProven
    await sql`DELETE FROM restart_voters WHERE voters IS NULL AND epoch < ${epoch}`.execute(db)
    await sql`INSERT INTO restart_voters (epoch, proven)
      VALUES (${epoch}, ${RestartVoters.encode(restartProven)})
      ON CONFLICT (epoch) DO NOTHING`.execute(db)
  }
}
