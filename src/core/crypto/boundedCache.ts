/**
 * A cache of at most `countMax` entries that forgets the least recently used one.
 *
 * It only saves work: an answer never depends on what it holds (DET-1).
 */

import { assert } from '../base/assert.ts'

export interface BoundedCache<T> {
  get(key: string): T | undefined
  set(key: string, value: T): void
}

export function createBoundedCache<T>(countMax: number): BoundedCache<T> {
  assert(countMax > 0, 'a cache holds at least one entry')
  const entries = new Map<string, T>()
  return {
    get(key) {
      const value = entries.get(key)
      if (value === undefined) return undefined
      entries.delete(key)
      entries.set(key, value)
      return value
    },
    set(key, value) {
      entries.delete(key)
      entries.set(key, value)
      if (entries.size <= countMax) return
      for (const oldest of entries.keys()) {
        entries.delete(oldest)
        return
      }
    },
  }
}
