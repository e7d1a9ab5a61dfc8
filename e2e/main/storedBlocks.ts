/** Final blocks as they lie in a tab's own IndexedDB, newest first. */
import type { Page } from '@playwright/test'

export interface StoredRow {
  readonly height: number
  readonly hash: string
}

export function storedBlocks(page: Page, countMax: number): Promise<readonly StoredRow[]> {
  return page.evaluate(async (count) => {
    const known = await indexedDB.databases()
    const name = known.map((one) => one.name ?? '').find((one) => one.startsWith('emo-emo'))
    if (name === undefined) return []
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(name)
      request.onsuccess = () => {
        resolve(request.result)
      }
      request.onerror = () => {
        reject(new Error('the database does not open'))
      }
    })
    try {
      const rows: { height: number; hash: string }[] = []
      await new Promise<void>((resolve) => {
        const store = database.transaction('blocks').objectStore('blocks')
        const walk = store.openCursor(null, 'prev')
        walk.onsuccess = () => {
          const cursor = walk.result
          if (cursor === null || rows.length >= count) {
            resolve()
            return
          }
          const { height, hash } = cursor.value as { height: number; hash: Uint8Array }
          const hex = [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('')
          rows.push({ height, hash: hex })
          cursor.continue()
        }
      })
      return rows
    } finally {
      database.close()
    }
  }, countMax)
}
