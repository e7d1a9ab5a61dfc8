/**
 * Sealed minutes of beats in a database of their own (PRIV-1). In the clear stand the times alone,
 * because what is too old has to go while the keys are locked.
 */
import { deleteDB, openDB, type DBSchema, type IDBPDatabase } from 'idb'

export interface SealedMinute {
  /** Unix time of the first and the last beat. */
  readonly fromMs: number
  readonly toMs: number
  readonly nonce: Uint8Array
  readonly sealed: Uint8Array
}

export interface RecordingDatabase {
  add(minute: SealedMinute): Promise<void>
  /** How many there are, and when the oldest begins. */
  info(): Promise<{ readonly minutes: number; readonly fromMs: number | undefined }>
  /** Oldest first. */
  all(): Promise<readonly SealedMinute[]>
  /** Removes what ended before; durable when this resolves. */
  removeBefore(timeMs: number): Promise<void>
  erase(): Promise<void>
}

interface Schema extends DBSchema {
  minutes: { key: number; value: SealedMinute; indexes: { toMs: number } }
}

export const recordingDatabaseName = 'emotionalchain-recordings'
const version = 1

export function createRecordingDatabase(name: string = recordingDatabaseName): RecordingDatabase {
  const withDatabase = async <T>(
    work: (database: IDBPDatabase<Schema>) => Promise<T>,
  ): Promise<T> => {
    const database = await openDB<Schema>(name, version, {
      upgrade(created) {
        const minutes = created.createObjectStore('minutes', { autoIncrement: true })
        minutes.createIndex('toMs', 'toMs')
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
    add: (minute) =>
      withDatabase(async (database) => {
        await database.add('minutes', minute)
      }),
    info: () =>
      withDatabase(async (database) => {
        const { store } = database.transaction('minutes')
        const [minutes, oldest] = await Promise.all([
          store.count(),
          store.index('toMs').openCursor(),
        ])
        return { minutes, fromMs: oldest?.value.fromMs }
      }),
    all: () => withDatabase((database) => database.getAllFromIndex('minutes', 'toMs')),
    removeBefore: (timeMs) =>
      withDatabase(async (database) => {
        const transaction = database.transaction('minutes', 'readwrite', { durability: 'strict' })
        const range = IDBKeyRange.upperBound(timeMs, true)
        let cursor = await transaction.store.index('toMs').openCursor(range)
        while (cursor !== null) {
          await cursor.delete()
          cursor = await cursor.continue()
        }
        await transaction.done
      }),
    erase: () => deleteDB(name),
  }
}
