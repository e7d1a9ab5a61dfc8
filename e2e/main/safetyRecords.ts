/** The safety records of a tab (BFT-10), read, and put back as an old copy of a disk would. */
import type { Page } from '@playwright/test'

/** A row of the store `safety`, its bytes as numbers. */
export interface SafetyRow {
  readonly slot: string
  readonly sequence: number
  readonly bytes: Readonly<Record<string, readonly number[]>>
}

export function safetyRecords(page: Page): Promise<readonly SafetyRow[]> {
  return page.evaluate(async () => {
    const known = await indexedDB.databases()
    const name = known.map((one) => one.name ?? '').find((one) => one.startsWith('emo-emo')) ?? ''
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(name)
      request.onsuccess = () => {
        resolve(request.result)
      }
      request.onerror = () => {
        reject(new Error('the database does not open'))
      }
    })
    const rows: SafetyRow[] = []
    await new Promise<void>((resolve) => {
      const walk = database.transaction('safety').objectStore('safety').openCursor()
      walk.onsuccess = () => {
        const cursor = walk.result
        if (cursor === null) {
          resolve()
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
    database.close()
    return rows
  })
}

/** On a page of the same origin that runs no node. */
export function putBackSafetyRecords(page: Page, rows: readonly SafetyRow[]): Promise<void> {
  return page.evaluate(async (given) => {
    const known = await indexedDB.databases()
    const name = known.map((one) => one.name ?? '').find((one) => one.startsWith('emo-emo')) ?? ''
    await new Promise<void>((resolve, reject) => {
      const request = indexedDB.open(name)
      request.onerror = () => {
        reject(new Error('the database does not open'))
      }
      request.onsuccess = () => {
        const database = request.result
        const transaction = database.transaction('safety', 'readwrite', { durability: 'strict' })
        for (const { slot, sequence, bytes } of given) {
          const fields = Object.entries(bytes).map(
            ([field, numbers]) => [field, Uint8Array.from(numbers)] as const,
          )
          transaction
            .objectStore('safety')
            .put({ record: undefined, ...Object.fromEntries(fields), sequence }, slot)
        }
        transaction.oncomplete = () => {
          database.close()
          resolve()
        }
        transaction.onabort = () => {
          reject(new Error('the old records were not written'))
        }
      }
    })
  }, rows)
}
