/** A row of a safety slot in IndexedDB (BFT-10, EPOCH-3): it carries a digest of itself. */

import { concat, equalBytes, u64be, utf8 } from '../../core/base/bytes.ts'
import { hash } from '../../core/crypto/hash.ts'
import { StoreFailure, type SafetyWrite } from '../../ports/store.ts'
import type { NodeTransaction, SafetyRow } from './indexedDbSchema.ts'

type Writing = NodeTransaction<'readwrite'>

export async function createSafetyRow(
  transaction: Writing,
  slot: string,
  sealedKey: Uint8Array,
): Promise<void> {
  const rows = transaction.objectStore('safety')
  const stored = checkedRow(slot, await rows.get(slot))
  if (stored !== undefined) refuse(stored.sequence, 0)
  await rows.put(safetyRow(slot, 0, undefined, sealedKey), slot)
}

/** Reads and writes in one transaction: nothing can come between the check and the record. */
export async function writeSafetyRow(transaction: Writing, write: SafetyWrite): Promise<void> {
  const rows = transaction.objectStore('safety')
  const stored = checkedRow(write.slot, await rows.get(write.slot))
  if (stored?.record !== undefined && write.sequence <= stored.sequence) {
    refuse(stored.sequence, write.sequence)
  }
  const row = safetyRow(write.slot, write.sequence, write.record, stored?.sealedKey)
  const pending = transaction.objectStore('pending')
  await Promise.all([
    rows.put(row, write.slot),
    ...write.pending.map(({ hash: key, bytes }) => pending.put(bytes, key.slice())),
  ])
}

export function checkedRow(slot: string, row: SafetyRow | undefined): SafetyRow | undefined {
  if (row === undefined) return undefined
  if (!equalBytes(row.check, digestOf(slot, row.sequence, row.record, row.sealedKey))) {
    throw new StoreFailure({ code: 'STORE_CORRUPT', what: `safety record ${slot}` })
  }
  return row
}

function safetyRow(
  slot: string,
  sequence: number,
  record: Uint8Array | undefined,
  sealedKey: Uint8Array | undefined,
): SafetyRow {
  return { sequence, record, sealedKey, check: digestOf(slot, sequence, record, sealedKey) }
}

function digestOf(
  slot: string,
  sequence: number,
  record: Uint8Array | undefined,
  sealedKey: Uint8Array | undefined,
): Uint8Array {
  return hash(
    'safetyRecord',
    framed(utf8(slot)),
    u64be(sequence),
    framed(record),
    framed(sealedKey),
  )
}

/** Length first; what is absent differs from what is empty. */
function framed(bytes: Uint8Array | undefined): Uint8Array {
  if (bytes === undefined) return u64be(0)
  return concat(u64be(bytes.length + 1), bytes)
}

function refuse(stored: number, offered: number): never {
  throw new StoreFailure({ code: 'SAFETY_RECORD_OLD', stored, offered })
}
