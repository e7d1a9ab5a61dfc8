/** Turns what IndexedDB throws into the coded failure of the port. */

import { StoreFailure } from '../../ports/store.ts'

export function storeFailure(error: unknown): StoreFailure {
  if (error instanceof StoreFailure) return error
  const name = error instanceof Error || error instanceof DOMException ? error.name : ''
  if (name === 'QuotaExceededError') return new StoreFailure({ code: 'STORAGE_FULL' })
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  const code = name === 'VersionError' ? 'STORAGE_NEWER' : 'STORAGE_UNAVAILABLE'
  return new StoreFailure({ code, reason })
}
