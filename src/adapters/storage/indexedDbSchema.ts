/**
 * Layout of the node's database. A change of it raises `databaseVersion` and adds a step to
 * `upgradeDatabase`; older steps are never edited.
 */

import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames } from 'idb'
import { hex } from '../../core/base/bytes.ts'
import type { StoredBlock, StoredTip } from '../../ports/store.ts'

export const databaseVersion = 1

/** A key must not share its memory with others. */
export type BytesKey = Uint8Array<ArrayBuffer>

export interface SafetyRow {
  readonly sequence: number
  readonly record: Uint8Array | undefined
  readonly sealedKey: Uint8Array | undefined
  /** Digest of the rest of the row: a row that was damaged is never taken for the truth. */
  readonly check: Uint8Array
}

export interface NodeSchema extends DBSchema {
  blocks: { key: number; value: StoredBlock; indexes: { hash: BytesKey } }
  state: { key: BytesKey; value: Uint8Array }
  tip: { key: 'tip'; value: StoredTip }
  instance: { key: 'id'; value: string }
  safety: { key: string; value: SafetyRow }
  pending: { key: BytesKey; value: Uint8Array }
  values: { key: string; value: Uint8Array }
}

export type NodeDatabase = IDBPDatabase<NodeSchema>
export type NodeStores = StoreNames<NodeSchema>
export type NodeTransaction<Mode extends IDBTransactionMode> = IDBPTransaction<
  NodeSchema,
  NodeStores[],
  Mode
>

/** Runs inside the upgrade transaction, so that a database is never half made. */
export function upgradeDatabase(
  database: NodeDatabase,
  oldVersion: number,
  transaction: NodeTransaction<'versionchange'>,
): void {
  if (oldVersion >= 1) return
  database.createObjectStore('blocks', { keyPath: 'height' }).createIndex('hash', 'hash')
  for (const name of ['state', 'tip', 'instance', 'safety', 'pending', 'values'] as const) {
    database.createObjectStore(name)
  }
  const id = hex(crypto.getRandomValues(new Uint8Array(16)))
  void transaction.objectStore('instance').put(id, 'id')
}
