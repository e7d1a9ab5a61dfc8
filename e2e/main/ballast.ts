/** Fills the storage of an origin to its last kilobytes, as other files on a disk would. */
import type { CDPSession, Page } from '@playwright/test'

/** What the platform may give to the origin: far more than a young chain needs. */
const quotaBytes = 64 * 1024 * 1024

export class Ballast {
  readonly #page: Page
  readonly #url: string
  /** The quota holds as long as the session does. */
  readonly #session: CDPSession

  private constructor(page: Page, url: string, session: CDPSession) {
    this.#page = page
    this.#url = url
    this.#session = session
  }

  /** Before the first write: the platform remembers for a while how much is left. */
  static async open(page: Page, url: string): Promise<Ballast> {
    const session = await page.context().newCDPSession(page)
    const { origin } = new URL(url)
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: quotaBytes })
    return new Ballast(page, url, session)
  }

  async fill(): Promise<void> {
    const bare = await this.#bare()
    await bare.evaluate(async () => {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open('ballast')
        request.onupgradeneeded = () => {
          request.result.createObjectStore('bytes', { autoIncrement: true })
        }
        request.onsuccess = () => {
          resolve(request.result)
        }
        request.onerror = () => {
          reject(new Error('the ballast does not open'))
        }
      })
      const put = (bytes: Uint8Array): Promise<boolean> =>
        new Promise((resolve) => {
          const transaction = database.transaction('bytes', 'readwrite')
          transaction.objectStore('bytes').add(bytes)
          transaction.oncomplete = () => {
            resolve(true)
          }
          transaction.onabort = () => {
            resolve(false)
          }
        })
      for (const size of [1024 * 1024, 64 * 1024, 1024]) {
        const bytes = new Uint8Array(size)
        // What does not compress.
        for (let at = 0; at < size; at += 65_536) {
          crypto.getRandomValues(bytes.subarray(at, at + 65_536))
        }
        while (await put(bytes)) continue
      }
      database.close()
    })
    await bare.close()
  }

  async drop(): Promise<void> {
    const { origin } = new URL(this.#url)
    await this.#session.send('Storage.overrideQuotaForOrigin', { origin })
    const bare = await this.#bare()
    await bare.evaluate(
      () =>
        new Promise<void>((resolve, reject) => {
          const request = indexedDB.deleteDatabase('ballast')
          request.onsuccess = () => {
            resolve()
          }
          request.onerror = () => {
            reject(new Error('the ballast stays'))
          }
        }),
    )
    await bare.close()
  }

  /** A page of the same origin that runs nothing. */
  async #bare(): Promise<Page> {
    const bare = await this.#page.context().newPage()
    await bare.goto(`${this.#url}theme.js`)
    return bare
  }
}
