/**
 * Opens the node's database and keeps it honest about other tabs: a newer page in another tab may
 * upgrade or delete it, which closes it here; the platform may close it when its data is removed.
 */

import { deleteDB, openDB } from 'idb'
import { StoreFailure } from '../../ports/store.ts'
import { storeFailure } from './indexedDbFailure.ts'
import {
  databaseVersion,
  upgradeDatabase,
  type NodeDatabase,
  type NodeSchema,
} from './indexedDbSchema.ts'

export interface OpenedDatabase {
  readonly database: NodeDatabase
  /** This opening made it. */
  readonly created: boolean
}

/** Another tab that runs an older page closes its database at once when asked: this is ample. */
const blockedMs = 10_000

export function openDatabase(
  name: string,
  onLost: (failure: StoreFailure) => void,
): Promise<OpenedDatabase> {
  return new Promise((resolve, reject) => {
    let created = false
    const waiting = setTimeout(() => {
      const reason = 'another tab holds the database; close it or reload it'
      reject(new StoreFailure({ code: 'STORAGE_UNAVAILABLE', reason }))
    }, blockedMs)
    const lost = (reason: string): void => {
      onLost(new StoreFailure({ code: 'STORAGE_UNAVAILABLE', reason }))
    }
    openDB<NodeSchema>(name, databaseVersion, {
      upgrade(database, oldVersion, _newVersion, transaction) {
        created = oldVersion === 0
        upgradeDatabase(database, oldVersion, transaction)
      },
      blocking(_currentVersion, _blockedVersion, event) {
        ;(event.target as IDBDatabase).close()
        lost('another tab upgraded or erased the database; reload this one')
      },
      terminated() {
        lost('the browser closed the database; its data may have been removed')
      },
    }).then(
      (database) => {
        clearTimeout(waiting)
        resolve({ database, created })
      },
      (error: unknown) => {
        clearTimeout(waiting)
        reject(storeFailure(error))
      },
    )
  })
}

/** Erases everything the node stored under this name. The store must be closed. */
export async function eraseDatabase(name: string): Promise<void> {
  try {
    await deleteDB(name)
  } catch (error) {
    throw storeFailure(error)
  }
}
