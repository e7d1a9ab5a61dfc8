/**
 * Which format the files of the store have (SYNC-3): the file `format` says so, before any other
 * one is read. A store without it is of version 1, as all were before it.
 */

import { open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { StoreFailure } from '../../ports/store.ts'
import { syncFolder } from './fileStoreFrames.ts'

/** A change that an older program would misread takes the next number. */
const formatVersion = 1

/** Refuses what a newer program wrote, before anything is touched. */
export async function checkFormat(folder: string): Promise<void> {
  const path = join(folder, 'format')
  const text = await readFile(path, 'latin1').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) {
    await writeFormat(folder, path)
    return
  }
  const [, digits] = /^emo-store ([1-9][0-9]{0,8})\n$/.exec(text) ?? []
  if (digits === undefined) throw new StoreFailure({ code: 'STORE_CORRUPT', what: path })
  if (Number(digits) <= formatVersion) return
  const reason = `${folder} has format ${digits}, and this program reads ${String(formatVersion)}`
  throw new StoreFailure({ code: 'STORAGE_NEWER', reason })
}

/** It appears whole and durable, or not at all. */
async function writeFormat(folder: string, path: string): Promise<void> {
  const draft = `${path}.draft`
  const file = await open(draft, 'w', 0o600)
  try {
    await file.writeFile(`emo-store ${String(formatVersion)}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(draft, path)
  await syncFolder(folder)
}
