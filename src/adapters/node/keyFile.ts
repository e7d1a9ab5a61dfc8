/**
 * The secrets of a validator in Node (SIG-1): a file that only its owner may read. It holds no
 * epoch keys: those live in the store of this machine (BFT-10).
 */

import { link, mkdir, open, rm } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import { dirname } from 'node:path'
import { concat, equalBytes, utf8 } from '../../core/base/bytes.ts'
import { err, ok, type Result } from '../../core/base/result.ts'
import { hash, hashBytes } from '../../core/crypto/hash.ts'
import {
  decodeKeySet,
  encodeKeySet,
  keySetEnrolmentBytesMax,
  keySetSecretBytes,
  type KeySet,
} from '../../core/crypto/keySet.ts'
import type { Random } from '../../ports/random.ts'

export type KeyFileError =
  /** The file is damaged or is no key file. Restore it from a backup. */
  | { readonly code: 'KEY_FILE_CORRUPT'; readonly path: string }
  /** Others may read it: `chmod 600` it, and treat the keys as known to them. */
  | { readonly code: 'KEY_FILE_EXPOSED'; readonly path: string; readonly mode: string }
  /** It cannot be read or written. */
  | { readonly code: 'KEY_FILE_UNUSABLE'; readonly path: string; readonly reason: string }

const magic = utf8('EMOKEYS1')
const fileBytesMax = 256 + keySetEnrolmentBytesMax
const groupAndOthers = 0o077

/** Opens the key file, or makes one with fresh keys. Of two makers at once, one wins for both. */
export async function openKeyFile(
  path: string,
  random: Random,
): Promise<Result<KeySet, KeyFileError>> {
  try {
    const found = await read(path)
    if (found !== undefined) return found
    await create(path, random)
    return (await read(path)) ?? unusable(path, new Error('it vanished'))
  } catch (error) {
    return unusable(path, error)
  }
}

async function read(path: string): Promise<Result<KeySet, KeyFileError> | undefined> {
  const file = await open(path, 'r').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  })
  if (file === undefined) return undefined
  try {
    const { mode, size } = await file.stat()
    if (process.platform !== 'win32' && (mode & groupAndOthers) !== 0) {
      return err({ code: 'KEY_FILE_EXPOSED', path, mode: (mode & 0o777).toString(8) })
    }
    const content = size > fileBytesMax ? undefined : new Uint8Array(await file.readFile())
    const keys = content === undefined ? undefined : decode(content)
    return keys === undefined ? err({ code: 'KEY_FILE_CORRUPT', path }) : ok(keys)
  } finally {
    await file.close()
  }
}

function decode(content: Uint8Array): KeySet | undefined {
  const bodyEnd = content.length - hashBytes
  if (bodyEnd < magic.length) return undefined
  const body = content.subarray(0, bodyEnd)
  if (!equalBytes(content.subarray(bodyEnd), hash('keyFile', body))) return undefined
  if (!equalBytes(body.subarray(0, magic.length), magic)) return undefined
  const keys = decodeKeySet(body.subarray(magic.length))
  return keys.ok ? keys.value : undefined
}

/** The file appears whole and durable; an existing one is never replaced. */
async function create(path: string, random: Random): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const fresh = (): Uint8Array => random.bytes(keySetSecretBytes)
  const keys = encodeKeySet({
    identitySeed: fresh(),
    vrfSeed: fresh(),
    networkSeed: fresh(),
    proofSecret: fresh(),
  })
  const body = concat(magic, keys)
  const draft = `${path}.${randomUUID()}`
  const file = await open(draft, 'wx', 0o600)
  try {
    await file.writeFile(concat(body, hash('keyFile', body)))
    await file.sync()
    await link(draft, path).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    })
  } finally {
    await file.close()
    await rm(draft, { force: true })
  }
  const folder = await open(dirname(path), 'r')
  await folder.sync().finally(() => folder.close())
}

function unusable(path: string, error: unknown): Result<KeySet, KeyFileError> {
  const reason = error instanceof Error ? error.message : String(error)
  return err({ code: 'KEY_FILE_UNUSABLE', path, reason })
}
