/** Final blocks as they lie in a tab's own IndexedDB, newest first. */
import type { JSHandle, Page } from '@playwright/test'
import { withNodeDatabase } from './nodeDatabase.ts'

export interface StoredRow {
  readonly height: number
  readonly hash: string
}

export function storedBlocks(page: Page, countMax: number): Promise<readonly StoredRow[]> {
  const read = (database: JSHandle<IDBDatabase>): Promise<readonly StoredRow[]> =>
    database.evaluate(newestBlocks, countMax)
  return withNodeDatabase(page, read, () => [])
}

/** Runs in the page. */
function newestBlocks(database: IDBDatabase, countMax: number): Promise<StoredRow[]> {
  return new Promise((resolve) => {
    const rows: StoredRow[] = []
    const walk = database.transaction('blocks').objectStore('blocks').openCursor(null, 'prev')
    walk.onsuccess = () => {
      const cursor = walk.result
      if (cursor === null || rows.length >= countMax) {
        resolve(rows)
        return
      }
      const { height, hash } = cursor.value as { height: number; hash: Uint8Array }
      const hex = [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('')
      rows.push({ height, hash: hex })
      cursor.continue()
    }
  })
}
