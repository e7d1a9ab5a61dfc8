/**
 * Recordings and test vectors of others, which live beside the repository and not in it.
 *
 * A checkout without them skips the tests that need them; those tests carry the reason in their
 * name, so that a run that skipped shows it.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const dataFolder = fileURLToPath(new URL('../../../shared/data/', import.meta.url))

export const recordingsMissing = '(skipped without ../shared/data)'

export function hasRecording(path: string): boolean {
  return existsSync(dataFolder + path)
}

export function readRecording(path: string): string {
  return readFileSync(dataFolder + path, 'utf8')
}

export function readRecordingBytes(path: string): Uint8Array {
  return readFileSync(dataFolder + path)
}

/** Paths of all files under `folder`, relative to it. */
export function listRecordings(folder: string): readonly string[] {
  const root = join(dataFolder, folder)
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
}
