/**
 * `Store` of a browser (BFT-10, SYNC-3): IndexedDB with `durability: 'strict'`, in a window or in a
 * dedicated worker. A promise resolves when its transaction is complete, that is after the
 * platform has flushed it to the disk.
 */

import { StoreFailure, type Store } from '../../ports/store.ts'
import { chainOperations } from './indexedDbChain.ts'
import { openDatabase } from './indexedDbOpen.ts'
import { safetyOperations } from './indexedDbSafety.ts'
import { createTransactions, type Transactions } from './indexedDbTransactions.ts'

export interface IndexedDbStoreOptions {
  /** One database a chain. */
  readonly name: string
  /** The database went away under us: sign nothing more, tell the user. */
  readonly onLost?: (failure: StoreFailure) => void
}

/** Rejects with a `StoreFailure`. */
export async function openIndexedDbStore(options: IndexedDbStoreOptions): Promise<Store> {
  let lost: StoreFailure | undefined
  const { database, created } = await openDatabase(options.name, (failure) => {
    lost ??= failure
    options.onLost?.(failure)
  })
  const transactions = createTransactions(database, () => lost)
  const id = await transactions.read((db) => db.get('instance', 'id'))
  if (id === undefined) throw new StoreFailure({ code: 'STORE_CORRUPT', what: 'instance' })
  return {
    instance: { id, created },
    ...chainOperations(transactions),
    ...safetyOperations(transactions),
    ...valueOperations(transactions),
    async close() {
      await transactions.settled()
      database.close()
    },
  }
}

function valueOperations({
  read,
  write,
}: Transactions): Pick<Store, 'getValue' | 'putValue' | 'listValues'> {
  return {
    getValue: (name) => read((db) => db.get('values', name)),
    putValue(name, value) {
      const copy = value?.slice()
      return write(['values'], (transaction) => {
        const values = transaction.objectStore('values')
        return copy === undefined ? values.delete(name) : values.put(copy, name)
      })
    },
    listValues(prefix) {
      const named = IDBKeyRange.bound(prefix, `${prefix}\uffff`)
      return read((db) => db.getAllKeys('values', named))
    },
  }
}
