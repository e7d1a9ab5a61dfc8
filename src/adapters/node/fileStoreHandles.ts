/**
 * Open files of the store that are only read: a bounded number of them, so that a store of years
 * takes no more handles than a process may have.
 */

import { open, type FileHandle } from 'node:fs/promises'

const handlesMax = 8

export class ReadHandles {
  /** By path, those used last at the end. */
  readonly #open = new Map<string, Promise<FileHandle>>()
  #isClosed = false

  /** `work` begins to read before it waits for anything: a handle that closes waits for that. */
  async use<T>(path: string, work: (handle: FileHandle) => Promise<T>): Promise<T> {
    if (this.#isClosed) throw new Error('closed')
    return work(await this.#handleOf(path))
  }

  /** Waits for what is being read. */
  async forget(path: string): Promise<void> {
    const opened = this.#open.get(path)
    this.#open.delete(path)
    await closed(opened)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    const all = [...this.#open.values()]
    this.#open.clear()
    for (const opened of all) await closed(opened)
  }

  #handleOf(path: string): Promise<FileHandle> {
    const opened = this.#open.get(path) ?? open(path, 'r')
    this.#open.delete(path)
    this.#open.set(path, opened)
    // A file that could not be opened is tried again by the next reader.
    opened.catch(() => {
      if (this.#open.get(path) === opened) this.#open.delete(path)
    })
    const [oldest] = this.#open.keys()
    if (this.#open.size > handlesMax && oldest !== undefined) void this.forget(oldest)
    return opened
  }
}

async function closed(opened: Promise<FileHandle> | undefined): Promise<void> {
  const handle = await opened?.catch(() => undefined)
  await handle?.close()
}
