/** Validators and accounts as of the newest block (ARC-5). */

import type { ArchiveDatabase } from '../pool.ts'
import type { SeatSummaryRow } from './epochs.ts'

export interface ValidatorSummaryRow {
  readonly id: Uint8Array
  readonly status: string
  readonly bonded_micro: string
  readonly unbonding_micro: string
  readonly reputation: number
  readonly uptime: number
  readonly jailed_until_epoch: number
  readonly registered_epoch: number
  readonly score: number
  readonly last_ready_epoch: number
  readonly updated_height: number
}

/** Where a page ended: its last row in the order of the list. */
export interface ValidatorPlace {
  readonly score: number
  readonly lastReadyEpoch: number
  readonly id: Uint8Array
}

/** Best score first, then the most recently ready. */
export async function listValidators(
  database: ArchiveDatabase,
  page: {
    readonly after: ValidatorPlace | undefined
    readonly status: string | undefined
    readonly countMax: number
  },
): Promise<readonly ValidatorSummaryRow[]> {
  const { after } = page
  let query = database.selectFrom('validators').selectAll()
  if (page.status !== undefined) query = query.where('status', '=', page.status)
  if (after !== undefined) {
    query = query.where((where) =>
      where.or([
        where('score', '<', after.score),
        where.and([
          where('score', '=', after.score),
          where.or([
            where('last_ready_epoch', '<', after.lastReadyEpoch),
            where.and([
              where('last_ready_epoch', '=', after.lastReadyEpoch),
              where('id', '>', after.id),
            ]),
          ]),
        ]),
      ]),
    )
  }
  return await query
    .orderBy('score', 'desc')
    .orderBy('last_ready_epoch', 'desc')
    .orderBy('id')
    .limit(page.countMax)
    .execute()
}

export async function findValidator(
  database: ArchiveDatabase,
  id: Uint8Array,
): Promise<
  | { readonly validator: ValidatorSummaryRow; readonly services: readonly SeatSummaryRow[] }
  | undefined
> {
  const validator = await database
    .selectFrom('validators')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst()
  if (validator === undefined) return undefined
  const services = await database
    .selectFrom('seats')
    .selectAll()
    .where('validator', '=', id)
    .orderBy('epoch', 'desc')
    .limit(50)
    .execute()
  return { validator, services }
}

export async function findAccount(
  database: ArchiveDatabase,
  id: Uint8Array,
): Promise<
  | {
      readonly id: Uint8Array
      readonly balance_micro: string
      readonly nonce: number
      readonly updated_height: number
    }
  | undefined
> {
  return await database.selectFrom('accounts').selectAll().where('id', '=', id).executeTakeFirst()
}
