/** Safety slots and pending bytes in IndexedDB (BFT-10, EPOCH-3). */

import type { SafetyWrite, Store } from '../../ports/store.ts'
import { pairs } from './indexedDbPairs.ts'
import { checkedRow, createSafetyRow, writeSafetyRow } from './indexedDbSafetyRow.ts'
import type { Transactions } from './indexedDbTransactions.ts'

type SafetyOperations = Pick<
  Store,
  | 'createSafety'
  | 'readSafetyKey'
  | 'listSafety'
  | 'writeSafety'
  | 'readSafety'
  | 'readPending'
  | 'prunePending'
  | 'eraseSafety'
>

export function safetyOperations({ read, write }: Transactions): SafetyOperations {
  return {
    createSafety(slot, sealedKey) {
      const copy = sealedKey.slice()
      return write(['safety'], (transaction) => createSafetyRow(transaction, slot, copy))
    },
    readSafetyKey: (slot) =>
      read(async (db) => checkedRow(slot, await db.get('safety', slot))?.sealedKey),
    listSafety: () => read((db) => db.getAllKeys('safety')),
    writeSafety(offered) {
      const copy = copyWrite(offered)
      return write(['safety', 'pending'], (transaction) => writeSafetyRow(transaction, copy))
    },
    readSafety: (slot) =>
      read(async (db) => {
        const row = checkedRow(slot, await db.get('safety', slot))
        if (row?.record === undefined) return undefined
        return { sequence: row.sequence, record: row.record }
      }),
    readPending: () =>
      read(async (db) => {
        const pending = db.transaction('pending').store
        const [keys, values] = await Promise.all([pending.getAllKeys(), pending.getAll()])
        return pairs(keys, values).map(({ key, value }) => ({ hash: key, bytes: value }))
      }),
    prunePending(hashes) {
      const copies = hashes.map((hash) => hash.slice())
      return write(['pending'], (transaction) => {
        const pending = transaction.objectStore('pending')
        return Promise.all(copies.map((hash) => pending.delete(hash)))
      })
    },
    eraseSafety: (slot) =>
      write(['safety'], (transaction) => transaction.objectStore('safety').delete(slot)),
  }
}

function copyWrite(write: SafetyWrite): SafetyWrite {
  return {
    slot: write.slot,
    sequence: write.sequence,
    record: write.record.slice(),
    pending: write.pending.map(({ hash, bytes }) => ({
      hash: hash.slice(),
      bytes: bytes.slice(),
    })),
  }
}
