/** A profile of Chromium on the disk (those of a test are in memory otherwise), and its end. */

import { readdir, readFile, readlink, rm, writeFile, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type BrowserContext, type LaunchOptions, type Page } from '@playwright/test'

export class DiskProfile {
  readonly #folder: string
  readonly #url: string
  readonly #options: LaunchOptions
  #browser: BrowserContext | undefined

  private constructor(folder: string, url: string, options: LaunchOptions) {
    this.#folder = folder
    this.#url = url
    this.#options = options
  }

  static async make(url: string, options: LaunchOptions): Promise<DiskProfile> {
    return new DiskProfile(await mkdtemp(join(tmpdir(), 'emo-profile-')), url, options)
  }

  /** Starts the browser with the page of these tests. */
  async open(): Promise<Page> {
    this.#browser = await chromium.launchPersistentContext(this.#folder, this.#options)
    const page = await this.#browser.newPage()
    await page.goto(this.#url)
    await page.waitForFunction(() => 'harness' in globalThis)
    return page
  }

  async close(): Promise<void> {
    await this.#browser?.close()
    this.#browser = undefined
  }

  /** SIGKILL; Chromium's own lock of the profile is a link to `host-pid`. */
  async kill(): Promise<void> {
    const closed = this.#browser?.waitForEvent('close')
    const lock = join(this.#folder, 'SingletonLock')
    const target = await readlink(lock)
    process.kill(Number(target.slice(target.lastIndexOf('-') + 1)), 'SIGKILL')
    await closed
    await rm(lock, { force: true })
  }

  /** Turns a bit in the middle of what IndexedDB of this origin wrote last. */
  async damageIndexedDb(): Promise<void> {
    const root = join(this.#folder, 'Default/IndexedDB')
    const files = await readdir(root, { recursive: true })
    const log = files
      .filter((name) => name.endsWith('.log'))
      .sort()
      .at(-1)
    if (log === undefined) throw new Error('no log of IndexedDB')
    const bytes = await readFile(join(root, log))
    const middle = bytes.length >> 1
    bytes[middle] = (bytes[middle] ?? 0) ^ 1
    await writeFile(join(root, log), bytes)
  }

  async remove(): Promise<void> {
    await this.close()
    await rm(this.#folder, { recursive: true })
  }
}
