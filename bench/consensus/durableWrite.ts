/**
 * How long a safety record takes to be durable in Chromium (BFT-10): one `put` of 4 KiB in an
 * IndexedDB transaction with `durability: 'strict'`, in milliseconds.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { chromium } from '@playwright/test'
import { provideChromium } from '../../scripts/lib/chromium.ts'

export async function durableWrites(count: number): Promise<readonly number[]> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end('<!doctype html>')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { path } = await provideChromium()
  const browser = await chromium.launch({ executablePath: path, args: ['--no-sandbox'] })
  try {
    const page = await browser.newPage()
    await page.goto(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`)
    return await page.evaluate(async (writes) => {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open('durable', 1)
        request.onupgradeneeded = () => request.result.createObjectStore('records')
        request.onsuccess = () => {
          resolve(request.result)
        }
        request.onerror = () => {
          reject(new Error('the database does not open'))
        }
      })
      const times: number[] = []
      for (let write = 0; write < writes; write += 1) {
        const startMs = performance.now()
        await new Promise<void>((resolve, reject) => {
          const transaction = database.transaction('records', 'readwrite', { durability: 'strict' })
          transaction.objectStore('records').put(new Uint8Array(4096).fill(write), 'record')
          transaction.oncomplete = () => {
            resolve()
          }
          transaction.onabort = () => {
            reject(new Error('the record was not written'))
          }
        })
        times.push(performance.now() - startMs)
      }
      return times
    }, count)
  } finally {
    await browser.close()
    server.close()
  }
}
