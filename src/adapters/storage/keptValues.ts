/**
 * Named values of a store that must outlive an IndexedDB which the browser removes (PRIV-3,
 * docs/decisions/0015): each is a file of the origin too. All others come back by sync.
 *
 * The store decides: a file is written before it, and read only when the store has no such value;
 * one that differs is replaced.
 */

import { equalBytes } from '../../core/base/bytes.ts'
import type { Store } from '../../ports/store.ts'
import { storeFailure } from './indexedDbFailure.ts'
import type { OriginFile } from './originFile.ts'

/** By the names of the values; empty where this profile has no place beside IndexedDB. */
export type ValueFiles = ReadonlyMap<string, OriginFile>

export function keepValues(store: Store, files: ValueFiles): Store {
  return {
    ...store,
    async getValue(name) {
      const value = await store.getValue(name)
      const file = files.get(name)
      if (file === undefined) return value
      if (value !== undefined) {
        await renew(file, value)
        return value
      }
      const kept = await coded(file.read())
      if (kept !== undefined) await store.putValue(name, kept)
      return kept
    },
    async putValue(name, value) {
      const copy = value?.slice()
      const file = files.get(name)
      if (file !== undefined) await coded(copy === undefined ? file.erase() : file.write(copy))
      await store.putValue(name, copy)
    },
  }
}

/** May fail: the value itself was read, and the next reading tries again. */
async function renew(file: OriginFile, value: Uint8Array): Promise<void> {
  try {
    const kept = await file.read()
    if (kept === undefined || !equalBytes(kept, value)) await file.write(value)
  } catch {
    // Nothing that was promised depends on it.
  }
}

async function coded<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw storeFailure(error)
  }
}
