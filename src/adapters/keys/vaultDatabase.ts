/** The vault's own small database. */

import { deleteDB, openDB, type DBSchema, type IDBPDatabase } from 'idb'

export interface VaultRow {
  readonly vault: Uint8Array | undefined
  /** A copy of it was made outside IndexedDB. */
  readonly isCopied: boolean
  /** An erasure began. */
  readonly isErasing: boolean
}

/** Every promise may be rejected with what the platform reports. */
export interface VaultDatabase {
  /** `undefined` when nothing was ever written here, or all of it is gone. */
  read(): Promise<VaultRow | undefined>
  /** Durable when this resolves. */
  write(vault: Uint8Array, options: { readonly isCopied: boolean }): Promise<void>
  /** Removes the vault and says that an erasure is under way; durable when this resolves. */
  noteErasure(): Promise<void>
  erase(): Promise<void>
}

/** Notes stand beside the vault, so that what older pages wrote reads as before. */
interface BoxSchema extends DBSchema {
  vault: { key: 'vault' | 'copied' | 'erasing'; value: Uint8Array | true }
}

const databaseVersion = 1

export function createVaultDatabase(name: string): VaultDatabase {
  const withDatabase = async <T>(
    work: (database: IDBPDatabase<BoxSchema>) => Promise<T>,
  ): Promise<T> => {
    const database = await openDB<BoxSchema>(name, databaseVersion, {
      upgrade(created) {
        created.createObjectStore('vault')
      },
      blocking(_currentVersion, _blockedVersion, event) {
        ;(event.target as IDBDatabase).close()
      },
    })
    try {
      return await work(database)
    } finally {
      database.close()
    }
  }
  return {
    read: () => withDatabase(readRow),
    write: (vault, { isCopied }) =>
      withDatabase(async (database) => {
        const transaction = database.transaction('vault', 'readwrite', { durability: 'strict' })
        const { store, done } = transaction
        const copy = Uint8Array.from(vault)
        await Promise.all([
          store.put(copy, 'vault'),
          isCopied ? store.put(true, 'copied') : store.delete('copied'),
          done,
        ])
      }),
    noteErasure: () =>
      withDatabase(async (database) => {
        const transaction = database.transaction('vault', 'readwrite', { durability: 'strict' })
        const { store, done } = transaction
        await Promise.all([store.put(true, 'erasing'), store.delete('vault'), done])
      }),
    erase: () => deleteDB(name),
  }
}

async function readRow(database: IDBPDatabase<BoxSchema>): Promise<VaultRow | undefined> {
  const { store } = database.transaction('vault')
  const [vault, isCopied, isErasing] = await Promise.all([
    store.get('vault'),
    store.get('copied'),
    store.get('erasing'),
  ])
  if (vault === undefined && isErasing === undefined) return undefined
  return {
    vault: vault === true ? undefined : vault,
    isCopied: isCopied === true,
    isErasing: isErasing === true,
  }
}
