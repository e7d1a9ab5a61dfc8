/**
 * The one format of a vault and of its backup file: strict, versioned, with a checksum.
 *
 *     magic 8 · version 1 · kind 1 · number of locks 1 · locks
 *     nonce 12 · length 2 · body · checksum 32
 *
 * A lock says how the vault key is wrapped; the body is the key set under the vault key. The
 * checksum (BLAKE3) tells damage from a wrong passphrase; what protects the content is AES-GCM.
 */

import { concat, equalBytes, u32be, utf8 } from '../../core/base/bytes.ts'
import { err, ok, type Result } from '../../core/base/result.ts'
import { hash, hashBytes } from '../../core/crypto/hash.ts'

export type BlobKind = 'vault' | 'backup'

export interface KdfParameters {
  readonly memoryKib: number
  readonly iterations: number
  readonly parallelism: number
}

export type Lock =
  | { readonly type: 'passphrase'; readonly kdf: KdfParameters; readonly salt: Uint8Array }
  | { readonly type: 'passkey'; readonly salt: Uint8Array; readonly credentialId: Uint8Array }

/** AES-256-GCM: the nonce and what it encrypted. */
export interface Encrypted {
  readonly nonce: Uint8Array
  readonly bytes: Uint8Array
}

export interface LockedKey {
  readonly lock: Lock
  readonly wrapped: Encrypted
}

export interface VaultBlob {
  readonly kind: BlobKind
  readonly locks: readonly LockedKey[]
  readonly body: Encrypted
}

export type BlobError =
  | { readonly code: 'BLOB_CORRUPT' }
  /** Written by a newer version of the page. */
  | { readonly code: 'BLOB_VERSION' }

export const passphraseSaltBytes = 16
export const passkeySaltBytes = 32
export const nonceBytes = 12
export const wrappedKeyBytes = 48

const magic = utf8('EMOVAULT')
const version = 1
const kinds: readonly BlobKind[] = ['vault', 'backup']
const locksMax = 8
const credentialIdBytesMax = 1023
export const blobBytesMax = 16_384

/** A file from elsewhere must not make this device compute for minutes or run out of memory. */
const kdfBounds = {
  memoryKib: { min: 19_456, max: 262_144 },
  iterations: { min: 1, max: 10 },
  parallelism: { min: 1, max: 4 },
} as const

export function encodeBlob(blob: VaultBlob): Uint8Array {
  const content = concat(
    blobHeader(blob.kind),
    Uint8Array.of(blob.locks.length),
    ...blob.locks.flatMap(({ lock, wrapped }) => [encodeLock(lock), wrapped.nonce, wrapped.bytes]),
    blob.body.nonce,
    u16be(blob.body.bytes.length),
    blob.body.bytes,
  )
  return concat(content, hash('keyFile', content))
}

/** Authenticated with the body. */
export function blobHeader(kind: BlobKind): Uint8Array {
  return concat(magic, Uint8Array.of(version, kinds.indexOf(kind)))
}

/** Authenticated with the vault key that the lock wraps. */
export function encodeLock(lock: Lock): Uint8Array {
  if (lock.type === 'passphrase') {
    const { memoryKib, iterations, parallelism } = lock.kdf
    return concat(
      Uint8Array.of(1),
      u32be(memoryKib),
      u32be(iterations),
      u32be(parallelism),
      lock.salt,
    )
  }
  const idBytes = u16be(lock.credentialId.length)
  return concat(Uint8Array.of(2), lock.salt, idBytes, lock.credentialId)
}

export function decodeBlob(bytes: Uint8Array): Result<VaultBlob, BlobError> {
  const corrupt = err({ code: 'BLOB_CORRUPT' })
  if (bytes.length > blobBytesMax || bytes.length < magic.length + 1 + hashBytes) return corrupt
  const content = bytes.subarray(0, bytes.length - hashBytes)
  if (!equalBytes(content.subarray(0, magic.length), magic)) return corrupt
  if (!equalBytes(bytes.subarray(content.length), hash('keyFile', content))) return corrupt
  if ((content[magic.length] ?? 0) > version) return err({ code: 'BLOB_VERSION' })
  const blob = decodeContent(new Reader(content.subarray(magic.length)))
  return blob === undefined ? corrupt : ok(blob)
}

function decodeContent(reader: Reader): VaultBlob | undefined {
  if (reader.integer(1) !== version) return undefined
  const kind = kinds[reader.integer(1)]
  const lockCount = reader.integer(1)
  if (kind === undefined || lockCount < 1 || lockCount > locksMax) return undefined
  const locks: LockedKey[] = []
  for (let index = 0; index < lockCount; index += 1) {
    const lock = decodeLock(reader)
    if (lock === undefined) return undefined
    const wrapped = { nonce: reader.bytes(nonceBytes), bytes: reader.bytes(wrappedKeyBytes) }
    locks.push({ lock, wrapped })
  }
  const nonce = reader.bytes(nonceBytes)
  const body = { nonce, bytes: reader.bytes(reader.integer(2)) }
  return reader.isAtEnd() ? { kind, locks, body } : undefined
}

function decodeLock(reader: Reader): Lock | undefined {
  const type = reader.integer(1)
  if (type === 1) {
    const kdf = {
      memoryKib: reader.integer(4),
      iterations: reader.integer(4),
      parallelism: reader.integer(4),
    }
    const salt = reader.bytes(passphraseSaltBytes)
    return isKdfBounded(kdf) ? { type: 'passphrase', kdf, salt } : undefined
  }
  if (type !== 2) return undefined
  const salt = reader.bytes(passkeySaltBytes)
  const idBytes = reader.integer(2)
  if (idBytes < 1 || idBytes > credentialIdBytesMax) return undefined
  return { type: 'passkey', salt, credentialId: reader.bytes(idBytes) }
}

function isKdfBounded(kdf: KdfParameters): boolean {
  return (['memoryKib', 'iterations', 'parallelism'] as const).every(
    (name) => kdf[name] >= kdfBounds[name].min && kdf[name] <= kdfBounds[name].max,
  )
}

/** Reads from the front; past the end it gives zeros, and is then never at the end again. */
class Reader {
  readonly #bytes: Uint8Array
  #offset = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  bytes(length: number): Uint8Array {
    const part = this.#bytes.slice(this.#offset, this.#offset + length)
    this.#offset += length
    return part
  }

  integer(length: number): number {
    let value = 0
    for (const byte of this.bytes(length)) value = value * 256 + byte
    return value
  }

  isAtEnd(): boolean {
    return this.#offset === this.#bytes.length
  }
}

function u16be(value: number): Uint8Array {
  return Uint8Array.of(value >> 8, value & 255)
}
