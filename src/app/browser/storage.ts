/** What this page stores in this browser: how much, for how long, and how to erase it. */

import type { Memory, MemoryKey, StorageInfo, StorageService } from '../services.ts'

export class BrowserStorage implements StorageService {
  async info(): Promise<StorageInfo> {
    if (!('storage' in navigator)) {
      return { persistent: false, usedBytes: undefined, quotaBytes: undefined }
    }
    const [persistent, { usage, quota }] = await Promise.all([
      navigator.storage.persisted(),
      navigator.storage.estimate(),
    ])
    return { persistent, usedBytes: usage, quotaBytes: quota }
  }

  async persist(): Promise<boolean> {
    return 'storage' in navigator && (await navigator.storage.persist())
  }

  async eraseAll(): Promise<void> {
    window.localStorage.clear()
    const names = await window.caches.keys()
    await Promise.all(names.map((name) => window.caches.delete(name)))
    await eraseFiles()
    const databases = await window.indexedDB.databases()
    await Promise.all(databases.map(({ name }) => eraseDatabase(name)))
  }
}

/** First, because what a database has lost comes back from here. */
async function eraseFiles(): Promise<void> {
  const folder = await openFiles()
  if (folder === undefined) return
  const names: string[] = []
  for await (const name of folder.keys()) names.push(name)
  await Promise.all(names.map((name) => folder.removeEntry(name, { recursive: true })))
}

/** Private windows may have none. */
async function openFiles(): Promise<FileSystemDirectoryHandle | undefined> {
  try {
    return await navigator.storage.getDirectory()
  } catch {
    return undefined
  }
}

/** Resolves also when another tab holds the database: it is erased when that one closes. */
function eraseDatabase(name: string | undefined): Promise<void> {
  if (name === undefined) return Promise.resolve()
  return new Promise((resolve) => {
    const request = window.indexedDB.deleteDatabase(name)
    const done = (): void => {
      resolve()
    }
    request.onsuccess = done
    request.onerror = done
    request.onblocked = done
  })
}

/** localStorage where it may be used, else nothing is remembered. */
export class BrowserMemory implements Memory {
  get(key: MemoryKey): string | undefined {
    try {
      return window.localStorage.getItem(`emo.${key}`) ?? undefined
    } catch {
      return undefined
    }
  }

  set(key: MemoryKey, value: string | undefined): void {
    try {
      if (value === undefined) window.localStorage.removeItem(`emo.${key}`)
      else window.localStorage.setItem(`emo.${key}`, value)
    } catch {
      // Storage is blocked or full: this was a convenience only.
    }
  }
}
