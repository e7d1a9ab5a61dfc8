/** What a tab keeps of a rest that is not done (PRIV-1), as it lies in its store. */
import type { Page } from '@playwright/test'
import { withNodeDatabase } from './nodeDatabase.ts'

/** Its bytes as text of Latin-1; `undefined` where nothing is kept. */
export function keptRest(page: Page): Promise<string | undefined> {
  return withNodeDatabase(
    page,
    (database) => database.evaluate(readValue),
    () => undefined,
  )
}

/** Runs in the page. */
function readValue(database: IDBDatabase): Promise<string | undefined> {
  return new Promise((resolve) => {
    const request = database.transaction('values').objectStore('values').get('duty/rest')
    request.onsuccess = () => {
      const value = request.result as Uint8Array | undefined
      resolve(value && String.fromCharCode(...value))
    }
  })
}
