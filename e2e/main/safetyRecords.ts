/** The safety records of a tab (BFT-10), read, and put back as an old copy of a disk would. */
import type { Page } from '@playwright/test'
import { withNodeDatabase } from './nodeDatabase.ts'

/** A row of the store `safety`, its bytes as numbers. */
export interface SafetyRow {
  readonly slot: string
  readonly sequence: number
  readonly bytes: Readonly<Record<string, readonly number[]>>
}

export function safetyRecords(page: Page): Promise<readonly SafetyRow[]> {
  return withNodeDatabase(page, (database) => database.evaluate(readRows))
}

/** On a page of the same origin that runs no node. */
export function putBackSafetyRecords(page: Page, rows: readonly SafetyRow[]): Promise<void> {
  return withNodeDatabase(page, (database) => database.evaluate(putRows, rows))
}

/** Runs in the page. */
function readRows(database: IDBDatabase): Promise<SafetyRow[]> {
  return new Promise((resolve) => {
    const rows: SafetyRow[] = []
    const walk = database.transaction('safety').objectStore('safety').openCursor()
    walk.onsuccess = () => {
      const cursor = walk.result
      if (cursor === null) {
        resolve(rows)
        return
      }
      const row = cursor.value as Readonly<Record<string, unknown>>
      const bytes = Object.entries(row).flatMap(([field, value]) =>
        value instanceof Uint8Array ? [[field, [...value]] as const] : [],
      )
      const sequence = Number(row['sequence'])
      rows.push({ slot: cursor.key as string, sequence, bytes: Object.fromEntries(bytes) })
      cursor.continue()
    }
  })
}

/** Runs in the page. */
function putRows(database: IDBDatabase, rows: readonly SafetyRow[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction('safety', 'readwrite', { durability: 'strict' })
    const store = transaction.objectStore('safety')
    for (const { slot, sequence, bytes } of rows) {
      const fields = Object.entries(bytes).map(
        ([field, numbers]) => [field, Uint8Array.from(numbers)] as const,
      )
      store.put({ record: undefined, ...Object.fromEntries(fields), sequence }, slot)
    }
    transaction.oncomplete = () => {
      resolve()
    }
    transaction.onabort = () => {
      reject(new Error('the old records were not written'))
    }
  })
}
