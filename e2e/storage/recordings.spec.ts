/**
 * What was measured, on the disk of a real browser (PRIV-1): sealed, gone when it is too old or
 * erased. The stores themselves are read, not only what the page says of them.
 */
import { expect, test, type Page } from '@playwright/test'
import type { harness as pageHarness } from './page/main.ts'
import type { Site } from '../servePage.ts'
import { serveStoragePage } from './site.ts'

declare const harness: typeof pageHarness

let site: Site

test.beforeAll(async () => {
  site = await serveStoragePage()
})

test.afterAll(() => site.close())

test.beforeEach(async ({ page }) => {
  await page.goto(site.url)
  await page.waitForFunction(() => 'harness' in globalThis)
})

const hourMs = 3_600_000

/** Three minutes of beats, an hour apart; intervals that nothing else in the page looks like. */
async function record(page: Page, seed: number): Promise<readonly string[]> {
  return page.evaluate(
    async ({ seed, hourMs }) => {
      const open = await harness.recordings.open(new Uint8Array(32).fill(seed))
      const codes: string[] = []
      for (const hour of [0, 1, 2]) {
        const beats = Array.from({ length: 60 }, (_, index) => {
          return { timeMs: hour * hourMs + index * 1000, rrTicks: 731_731 + index }
        })
        const kept = await open.keep({ provenance: 'camera', series: hour, beats })
        codes.push(kept.ok ? 'ok' : kept.error.code)
      }
      return codes
    },
    { seed, hourMs },
  )
}

/** Every byte that this origin has in databases, files and text, as one string of Latin-1. */
function everythingStored(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const found: string[] = [JSON.stringify(localStorage)]
    const bytesOf = (value: unknown): void => {
      if (value instanceof Uint8Array) found.push(String.fromCharCode(...value))
      else if (typeof value === 'object' && value !== null) Object.values(value).forEach(bytesOf)
      else found.push(String(value))
    }
    for (const { name = '' } of await indexedDB.databases()) {
      found.push(name)
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open(name)
        request.onsuccess = () => {
          resolve(request.result)
        }
        request.onerror = () => {
          reject(new Error('not opened'))
        }
      })
      for (const store of database.objectStoreNames) {
        const rows = await new Promise<unknown[]>((resolve, reject) => {
          const request = database.transaction(store).objectStore(store).getAll()
          request.onsuccess = () => {
            resolve(request.result as unknown[])
          }
          request.onerror = () => {
            reject(new Error('not read'))
          }
        })
        bytesOf(rows)
      }
      database.close()
    }
    const folder = await navigator.storage.getDirectory()
    for await (const [name, handle] of folder.entries()) {
      found.push(name)
      if (!(handle instanceof FileSystemFileHandle)) continue
      const file = await handle.getFile()
      bytesOf(new Uint8Array(await file.arrayBuffer()))
    }
    return found.join('\n')
  })
}

test('PRIV-1: beats are sealed at rest, and come back whole to their owner alone', async ({
  page,
}) => {
  expect(await record(page, 1)).toEqual(['ok', 'ok', 'ok'])
  const stored = await everythingStored(page)
  expect(stored).toContain('emotionalchain-recordings')
  // Neither as text nor as the numbers of a structured clone.
  for (const clear of ['731731', '731790', 'camera', 'rrTicks']) expect(stored).not.toContain(clear)

  await page.reload()
  await page.waitForFunction(() => 'harness' in globalThis)
  const read = await page.evaluate(async () => {
    const open = await harness.recordings.open(new Uint8Array(32).fill(1))
    const { minutes, unreadable } = await open.read()
    const ticks = minutes.flatMap(({ beats }) => beats.map(({ rrTicks }) => rrTicks))
    return { series: minutes.map(({ series }) => series), count: ticks.length, unreadable }
  })
  expect(read).toEqual({ series: [0, 1, 2], count: 180, unreadable: 0 })
  const other = await page.evaluate(async () => {
    const open = await harness.recordings.open(new Uint8Array(32).fill(2))
    return open.read()
  })
  expect(other).toEqual({ minutes: [], unreadable: 3 })
  expect(await page.evaluate(() => harness.violations)).toEqual([])
})

test('PRIV-1: what is older than its owner wants is gone, without the keys', async ({ page }) => {
  await record(page, 1)
  const info = await page.evaluate(async (hourMs) => {
    await harness.recordings.removeBefore(hourMs + 1000)
    return harness.recordings.info()
  }, hourMs)
  expect(info).toEqual({ minutes: 2, fromMs: hourMs })
})

test('PRIV-1: a minute moved to another time is not read as that', async ({ page }) => {
  await record(page, 1)
  const read = await page.evaluate(async (hourMs) => {
    const database = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open('emotionalchain-recordings')
      request.onsuccess = () => {
        resolve(request.result)
      }
    })
    const store = database.transaction('minutes', 'readwrite').objectStore('minutes')
    await new Promise<void>((resolve) => {
      const request = store.openCursor()
      request.onsuccess = () => {
        const cursor = request.result
        if (cursor === null) return
        const row = cursor.value as { fromMs: number }
        cursor.update({ ...row, fromMs: row.fromMs + hourMs }).onsuccess = () => {
          resolve()
        }
      }
    })
    database.close()
    const open = await harness.recordings.open(new Uint8Array(32).fill(1))
    const { minutes, unreadable } = await open.read()
    return { count: minutes.length, unreadable }
  }, hourMs)
  expect(read).toEqual({ count: 2, unreadable: 1 })
})

test('PRIV-1: erasing leaves nothing of it in any store', async ({ page }) => {
  await record(page, 1)
  await page.evaluate(() => harness.recordings.erase())
  expect(await everythingStored(page)).not.toContain('emotionalchain-recordings')
  await record(page, 1)
  const passphrase = 'correct horse battery staple'
  await page.evaluate(
    (p) => harness.vault.create({ kind: 'passphrase', passphrase: p }),
    passphrase,
  )
  expect((await everythingStored(page)).length).toBeGreaterThan(3000)
  await page.evaluate(() => harness.eraseAll())
  expect(await everythingStored(page)).toBe('{}')
})
