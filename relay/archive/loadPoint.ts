/** Where the archive stands according to its database: the newest block and the state after it. */

import { fail, type Failure } from '../failure.ts'
import { ok, type Result } from '../../src/core/base/result.ts'
import { readSingle, stateFromLeaves, type LedgerState } from '../../src/core/ledger/state.ts'
import { tip } from '../../src/core/ledger/tables.ts'
import type { ArchiveDatabase } from './pool.ts'
import type { ReplayPoint } from './replay.ts'
import type { ArchiveTip } from './rows.ts'

export function genesisPoint(state: LedgerState, hash: Uint8Array): ReplayPoint {
  const { timeMs } = readSingle(state, tip)
  return { height: 0, hash, timeMs, state, provable: undefined }
}

/** The leaves are checked against the root that was written with the block. */
export async function loadPoint(
  database: ArchiveDatabase,
  stored: ArchiveTip,
): Promise<Result<ReplayPoint, Failure>> {
  const leaves = await database.selectFrom('state_leaves').selectAll().execute()
  const state = stateFromLeaves(leaves, stored.stateRoot)
  if (!state.ok) {
    return fail(
      'ARCHIVE_STATE_CORRUPT',
      'The state in the database does not give the root that its newest block has.',
      'Drop that database, or move the data directory away: the network rebuilds the archive.',
    )
  }
  const { timeMs } = readSingle(state.value, tip)
  const { height, hash } = stored
  return ok({ height, hash, timeMs, state: state.value, provable: undefined })
}
