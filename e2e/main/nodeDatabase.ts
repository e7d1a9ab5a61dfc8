/** The IndexedDB in which a tab's node keeps its blocks and its safety records. */
import type { JSHandle, Page } from '@playwright/test'

const prefix = 'emo-emo'

/** Open for as long as `use` takes; `none` answers where this origin has no chain yet. */
export async function withNodeDatabase<T>(
  page: Page,
  use: (database: JSHandle<IDBDatabase>) => Promise<T>,
  none: () => T = noChain,
): Promise<T> {
  const known = await page.evaluate(() => indexedDB.databases())
  const name = known.map((one) => one.name ?? '').find((one) => one.startsWith(prefix))
  if (name === undefined) return none()
  const database = await page.evaluateHandle(openDatabase, name)
  try {
    return await use(database)
  } finally {
    await database.evaluate((opened) => {
      opened.close()
    })
    await database.dispose()
  }
}

/** Runs in the page. */
function openDatabase(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name)
    request.onsuccess = () => {
      resolve(request.result)
    }
    request.onerror = () => {
      reject(new Error('the database does not open'))
    }
  })
}

function noChain(): never {
  throw new Error('this origin has no chain')
}
