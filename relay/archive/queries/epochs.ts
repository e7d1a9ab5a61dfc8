/** Epochs with their committees (ARC-5). */

import type { ArchiveDatabase } from '../pool.ts'

export interface EpochSummaryRow {
  readonly epoch: number
  readonly start_ms: number
  readonly committee_root: Uint8Array
  readonly seat_count: number
  readonly boundary_height: number | null
  readonly boundary_hash: Uint8Array | null
  /** Heights of the blocks that a Restart opened, lowest first (RECOVER-1). */
  readonly restarts: readonly number[]
}

export interface SeatSummaryRow {
  readonly epoch: number
  readonly seat: number
  readonly validator: Uint8Array
  readonly epoch_key: Uint8Array
  readonly power: number
  readonly peer_id: string
  readonly score: number
}

/** Newest first. */
export async function listEpochs(
  database: ArchiveDatabase,
  page: { readonly before: number | undefined; readonly countMax: number },
): Promise<readonly EpochSummaryRow[]> {
  let query = database
    .selectFrom('epochs')
    .select(['epoch', 'start_ms', 'committee_root', 'seat_count'])
    .select(['boundary_height', 'boundary_hash'])
  if (page.before !== undefined) query = query.where('epoch', '<', page.before)
  const rows = await query.orderBy('epoch', 'desc').limit(page.countMax).execute()
  const openings = await openingsOf(
    database,
    rows.map((row) => row.epoch),
  )
  return rows.map((row) => ({ ...row, restarts: openings.get(row.epoch) ?? [] }))
}

async function openingsOf(
  database: ArchiveDatabase,
  epochs: readonly number[],
): Promise<ReadonlyMap<number, readonly number[]>> {
  const heights = new Map<number, number[]>()
  if (epochs.length === 0) return heights
  const rows = await database
    .selectFrom('blocks')
    .innerJoin('transactions', 'transactions.height', 'blocks.height')
    .select(['blocks.epoch', 'blocks.height'])
    .where('transactions.kind', '=', 'restart')
    .where('blocks.epoch', 'in', epochs)
    .orderBy('blocks.height')
    .execute()
  for (const { epoch, height } of rows) heights.set(epoch, [...(heights.get(epoch) ?? []), height])
  return heights
}

export interface EpochDetails {
  readonly epoch: EpochSummaryRow & {
    readonly committee: Uint8Array
    readonly handed_over: Uint8Array | null
  }
  readonly seats: readonly SeatSummaryRow[]
  readonly ready: readonly {
    readonly validator: Uint8Array
    readonly score_threshold: number
    readonly provenance: string
    readonly height: number
  }[]
}

export async function findEpoch(
  database: ArchiveDatabase,
  epoch: number,
): Promise<EpochDetails | undefined> {
  const found = await database
    .selectFrom('epochs')
    .selectAll()
    .where('epoch', '=', epoch)
    .executeTakeFirst()
  if (found === undefined) return undefined
  const seats = await database
    .selectFrom('seats')
    .selectAll()
    .where('epoch', '=', epoch)
    .orderBy('seat')
    .execute()
  const ready = await database
    .selectFrom('ready')
    .select(['validator', 'score_threshold', 'provenance', 'height'])
    .where('epoch', '=', epoch)
    .orderBy('validator')
    .limit(1_000)
    .execute()
  const restarts = (await openingsOf(database, [epoch])).get(epoch) ?? []
  return { epoch: { ...found, restarts }, seats, ready }
}
