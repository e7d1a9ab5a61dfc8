/**
 * Where the vault of this profile rests: an own small database, so that erasing a chain's data
 * never takes the keys with it.
 */

import { deleteDB, openDB, type DBSchema, type IDBPDatabase } from 'idb'

/** Every promise may be rejected with what the platform reports. */
export interface VaultBox {
  read(): Promise<Uint8Array | undefined>
  /** Durable when this resolves. */
  write(blob: Uint8Array): Promise<void>
  erase(): Promise<void>
}

interface BoxSchema extends DBSchema {
  vault: { key: 'vault'; value: Uint8Array }
}

const databaseVersion = 1

export function createVaultBox(name = 'emo-vault'): VaultBox {
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
    read: () => withDatabase((database) => database.get('vault', 'vault')),
    write: (blob) =>
      withDatabase(async (database) => {
        const transaction = database.transaction('vault', 'readwrite', { durability: 'strict' })
        const copy = Uint8Array.from(blob)
        await Promise.all([transaction.store.put(copy, 'vault'), transaction.done])
      }),
    erase: () => deleteDB(name),
  }
}
