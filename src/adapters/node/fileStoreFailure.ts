/** Turns what the file system reports into the coded failure of the port. */

import { StoreFailure } from '../../ports/store.ts'

/** No space, quota used up, or a file size limit of this process. */
const fullCodes: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

export function fileStoreFailure(error: unknown): StoreFailure {
  if (error instanceof StoreFailure) return error
  if (error instanceof Error && 'code' in error && fullCodes.has(error.code)) {
    return new StoreFailure({ code: 'STORAGE_FULL' })
  }
  const reason = error instanceof Error ? error.message : String(error)
  return new StoreFailure({ code: 'STORAGE_UNAVAILABLE', reason })
}
