/** The archive's database for a handler, or the reason why there is none now. */

import { unhex } from '../../src/core/base/bytes.ts'
import { assert } from '../../src/core/base/assert.ts'
import type { ArchiveDatabase } from '../archive/pool.ts'
import { ApiError } from './apiError.ts'
import type { ApiContext, ArchiveReader } from './context.ts'

export function archiveOf(context: ApiContext): ArchiveReader {
  if (context.archive !== undefined) return context.archive
  throw new ApiError(404, {
    code: 'ARCHIVE_OFF',
    message: 'This relay keeps no archive.',
    fix: 'Ask another relay, or start this one without --no-archive.',
  })
}

export function databaseOf(context: ApiContext): ArchiveDatabase {
  const database = archiveOf(context).database()
  if (database.ok) return database.value
  throw new ApiError(503, database.error)
}

/** Hex that a schema has checked. */
export function bytesOfHex(text: string): Uint8Array {
  const bytes = unhex(text)
  assert(bytes.ok, 'the schema admits lowercase hex only')
  return bytes.value
}

/** Base64 with its padding and nothing else. */
export function bytesOfBase64(text: string, field: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64')
  if (bytes.toString('base64') === text) return bytes
  throw new ApiError(400, {
    code: 'BASE64_INVALID',
    message: `${field} is not base64.`,
    fix: 'Send standard base64 with padding, without spaces or line breaks.',
  })
}
