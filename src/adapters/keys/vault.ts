/**
 * The key vault of a profile (SIG-1): a random vault key encrypts the key set and is itself wrapped
 * by a passkey's PRF or by a passphrase. Opening it hands the keys out once; the vault keeps none.
 *
 * A backup is the same format under a passphrase of its own. Neither holds an epoch key or a safety
 * record (BFT-10).
 */

import { equalBytes } from '../../core/base/bytes.ts'
import { err, ok, type Result } from '../../core/base/result.ts'
import { encodeKeySet, keySetSecretBytes, type KeySet } from '../../core/crypto/keySet.ts'
import type { VaultError } from '../../ports/vaultError.ts'
import { decodeBlob, encodeBlob, type VaultBlob } from './vaultBlob.ts'
import type { VaultBox } from './vaultBox.ts'
import { lockUp, openUp, unwrapKey, wrapKey, type LockParts, type Unlock } from './vaultLocks.ts'

export interface Vault {
  /** How the vault of this profile is locked; `undefined` when there is none. */
  lock(): Promise<'passkey' | 'passphrase' | undefined>
  passkeyOffered(): Promise<boolean>
  create(unlock: Unlock): Promise<Result<KeySet, VaultError>>
  open(unlock: Unlock): Promise<Result<KeySet, VaultError>>
  /** Adds a second way to open it: a passphrase beside a passkey, or the other way round. */
  addLock(unlock: Unlock, added: Unlock): Promise<Result<void, VaultError>>
  /** The file is restored and compared before it is handed out. */
  backup(keys: KeySet, passphrase: string): Promise<Result<Uint8Array, VaultError>>
  /** Restores in memory and compares: nothing is written. */
  checkBackup(file: Uint8Array, passphrase: string, keys: KeySet): Promise<Result<void, VaultError>>
  restore(file: Uint8Array, passphrase: string, unlock: Unlock): Promise<Result<KeySet, VaultError>>
  erase(): Promise<void>
}

export interface VaultParts extends LockParts {
  readonly box: VaultBox
}

export function createVault(parts: VaultParts): Vault {
  const { box, passkeys, random } = parts

  async function save(keys: KeySet, unlock: Unlock): Promise<Result<KeySet, VaultError>> {
    const blob = await lockUp(parts, 'vault', keys, unlock)
    if (!blob.ok) return blob
    return stored(async () => {
      await box.write(encodeBlob(blob.value))
      return ok(keys)
    })
  }

  return {
    async lock() {
      const blob = await load(box)
      return blob.ok ? blob.value.locks[0]?.lock.type : undefined
    },
    passkeyOffered: () => passkeys.offered(),
    async create(unlock) {
      const vacant = await checkVacant(box)
      if (!vacant.ok) return vacant
      const fresh = (): Uint8Array => random.bytes(keySetSecretBytes)
      const keys: KeySet = {
        identitySeed: fresh(),
        vrfSeed: fresh(),
        networkSeed: fresh(),
        proofSecret: fresh(),
      }
      return save(keys, unlock)
    },
    async open(unlock) {
      const blob = await load(box)
      return blob.ok ? openUp(parts, blob.value, unlock, 'VAULT_CORRUPT') : blob
    },
    async addLock(unlock, added) {
      const blob = await load(box)
      if (!blob.ok) return blob
      const vaultKey = await unwrapKey(parts, blob.value, unlock)
      if (!vaultKey.ok) return vaultKey
      const locked = await wrapKey(parts, blob.value.kind, vaultKey.value, added)
      if (!locked.ok) return locked
      // One lock of a kind: a new passphrase takes the place of the old one.
      const others = blob.value.locks.filter(({ lock }) => lock.type !== locked.value.lock.type)
      return stored(async () => {
        await box.write(encodeBlob({ ...blob.value, locks: [...others, locked.value] }))
        return ok(undefined)
      })
    },
    async backup(keys, passphrase) {
      const blob = await lockUp(parts, 'backup', keys, { kind: 'passphrase', passphrase })
      if (!blob.ok) return blob
      const file = encodeBlob(blob.value)
      const checked = await compareBackup(parts, file, passphrase, keys)
      return checked.ok ? ok(file) : checked
    },
    checkBackup: (file, passphrase, keys) => compareBackup(parts, file, passphrase, keys),
    async restore(file, passphrase, unlock) {
      const vacant = await checkVacant(box)
      if (!vacant.ok) return vacant
      const keys = await readBackup(parts, file, passphrase)
      return keys.ok ? save(keys.value, unlock) : keys
    },
    erase: () => box.erase(),
  }
}

async function load(box: VaultBox): Promise<Result<VaultBlob, VaultError>> {
  return stored(async () => {
    const bytes = await box.read()
    if (bytes === undefined) return err({ code: 'VAULT_MISSING' })
    const blob = decodeBlob(bytes)
    if (!blob.ok || blob.value.kind !== 'vault') return err({ code: 'VAULT_CORRUPT' })
    return blob
  })
}

async function checkVacant(box: VaultBox): Promise<Result<void, VaultError>> {
  return stored(async () =>
    (await box.read()) === undefined ? ok(undefined) : err({ code: 'VAULT_EXISTS' }),
  )
}

async function readBackup(
  parts: VaultParts,
  file: Uint8Array,
  passphrase: string,
): Promise<Result<KeySet, VaultError>> {
  const blob = decodeBlob(file)
  if (!blob.ok) {
    return err({ code: blob.error.code === 'BLOB_VERSION' ? 'BACKUP_VERSION' : 'BACKUP_CORRUPT' })
  }
  if (blob.value.kind !== 'backup') return err({ code: 'BACKUP_CORRUPT' })
  return openUp(parts, blob.value, { kind: 'passphrase', passphrase }, 'BACKUP_CORRUPT')
}

async function compareBackup(
  parts: VaultParts,
  file: Uint8Array,
  passphrase: string,
  keys: KeySet,
): Promise<Result<void, VaultError>> {
  const restored = await readBackup(parts, file, passphrase)
  if (!restored.ok) return restored
  const same = equalBytes(encodeKeySet(restored.value), encodeKeySet(keys))
  return same ? ok(undefined) : err({ code: 'BACKUP_OTHER_ACCOUNT' })
}

/** What the platform throws when it cannot store. */
async function stored<T>(
  work: () => Promise<Result<T, VaultError>>,
): Promise<Result<T, VaultError>> {
  try {
    return await work()
  } catch (error) {
    const full = error instanceof Error && error.name === 'QuotaExceededError'
    return err({ code: full ? 'STORAGE_FULL' : 'STORAGE_BLOCKED' })
  }
}
