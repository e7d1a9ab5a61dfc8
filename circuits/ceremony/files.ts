/** Files of a ceremony: read within a bound, and never written over another (ZK-9). */

import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { err, ok, type Result } from '../../src/core/base/result.ts'
import type { CeremonyError } from './errors.ts'
import type { NamedFile } from './sections.ts'

/** Powers of tau of 2^18, the largest file there is. */
const bytesMax = 320 * 2 ** 20

export function readNamed(file: string): Result<NamedFile, CeremonyError> {
  try {
    if (statSync(file).size > bytesMax) {
      return err({ code: 'CEREMONY_FILE_UNREADABLE', file, reason: 'larger than 320 MiB' })
    }
    return ok({ file, bytes: new Uint8Array(readFileSync(file)) })
  } catch (error) {
    return unusable(file, error)
  }
}

export function writeNew(file: string, bytes: Uint8Array): Result<void, CeremonyError> {
  try {
    writeFileSync(file, bytes, { flag: 'wx' })
    return ok(undefined)
  } catch (error) {
    return unusable(file, error)
  }
}

export function unusable(file: string, error: unknown): Result<never, CeremonyError> {
  const reason = (error as { readonly code?: unknown }).code
  if (reason === 'EEXIST') return err({ code: 'CEREMONY_FILE_EXISTS', file })
  const text = typeof reason === 'string' ? reason : String(error)
  return err({ code: 'CEREMONY_FILE_UNREADABLE', file, reason: text })
}
