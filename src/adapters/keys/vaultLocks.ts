/**
 * How a vault is locked: a random key encrypts the key set, and each lock wraps that key under a
 * passphrase or a passkey. Wrapping is bound to the kind of file and to the parameters of the lock.
 */

import { concat } from '../../core/base/bytes.ts'
import { err, ok, type Result } from '../../core/base/result.ts'
import { decodeKeySet, encodeKeySet, type KeySet } from '../../core/crypto/keySet.ts'
import type { Random } from '../../ports/random.ts'
import type { VaultError } from '../../ports/vaultError.ts'
import { argon2id, type Stretch } from './argon2id.ts'
import type { Passkeys } from './passkey.ts'
import { isPassphraseWeak, passphraseKdf, passwordOf } from './passphrase.ts'
import {
  blobHeader,
  encodeLock,
  passkeySaltBytes,
  passphraseSaltBytes,
  type BlobKind,
  type KdfParameters,
  type Lock,
  type LockedKey,
  type VaultBlob,
} from './vaultBlob.ts'
import { decrypt, encrypt, hasPlatformCrypto, keyOfPasskey } from './vaultCrypto.ts'

export type Unlock =
  { readonly kind: 'passkey' } | { readonly kind: 'passphrase'; readonly passphrase: string }

export interface LockParts {
  readonly passkeys: Passkeys
  readonly random: Random
  /** `passphraseKdf` unless said. */
  readonly kdf?: KdfParameters
  /** On this thread unless said. */
  readonly stretch?: Stretch
}

/** Encrypts the keys under a fresh vault key and wraps that. */
export async function lockUp(
  parts: LockParts,
  kind: BlobKind,
  keys: KeySet,
  unlock: Unlock,
): Promise<Result<VaultBlob, VaultError>> {
  if (!hasPlatformCrypto()) return err({ code: 'CRYPTO_UNSUPPORTED' })
  const vaultKey = parts.random.bytes(32)
  const locked = await wrapKey(parts, kind, vaultKey, unlock)
  if (!locked.ok) return locked
  const body = await encrypt(vaultKey, parts.random, encodeKeySet(keys), blobHeader(kind))
  vaultKey.fill(0)
  return ok({ kind, locks: [locked.value], body })
}

export async function openUp(
  parts: LockParts,
  blob: VaultBlob,
  unlock: Unlock,
  corruptCode: 'VAULT_CORRUPT' | 'BACKUP_CORRUPT',
): Promise<Result<KeySet, VaultError>> {
  const vaultKey = await unwrapKey(parts, blob, unlock)
  if (!vaultKey.ok) return vaultKey
  const body = await decrypt(vaultKey.value, blob.body, blobHeader(blob.kind))
  const keys = body === undefined ? undefined : decodeKeySet(body)
  return keys?.ok === true ? ok(keys.value) : err({ code: corruptCode })
}

export async function wrapKey(
  parts: LockParts,
  kind: BlobKind,
  vaultKey: Uint8Array,
  unlock: Unlock,
): Promise<Result<LockedKey, VaultError>> {
  const made = await makeLock(parts, unlock)
  if (!made.ok) return made
  const { lock, key } = made.value
  return ok({ lock, wrapped: await encrypt(key, parts.random, vaultKey, contextOf(kind, lock)) })
}

async function makeLock(
  { random, passkeys, kdf = passphraseKdf, stretch = argon2id }: LockParts,
  unlock: Unlock,
): Promise<Result<{ readonly lock: Lock; readonly key: Uint8Array }, VaultError>> {
  if (unlock.kind === 'passphrase') {
    if (isPassphraseWeak(unlock.passphrase)) return err({ code: 'PASSPHRASE_WEAK' })
    const salt = random.bytes(passphraseSaltBytes)
    const key = await stretch({ password: passwordOf(unlock.passphrase), salt, kdf })
    return ok({ lock: { type: 'passphrase', kdf, salt }, key })
  }
  const salt = random.bytes(passkeySaltBytes)
  const made = await passkeys.create(salt)
  if (!made.ok) return made
  const { credentialId, secret } = made.value
  return ok({
    lock: { type: 'passkey', salt, credentialId },
    key: await keyOfPasskey(secret, salt),
  })
}

export async function unwrapKey(
  { passkeys, stretch = argon2id }: LockParts,
  blob: VaultBlob,
  unlock: Unlock,
): Promise<Result<Uint8Array, VaultError>> {
  if (!hasPlatformCrypto()) return err({ code: 'CRYPTO_UNSUPPORTED' })
  const found = blob.locks.find(({ lock }) => lock.type === unlock.kind)
  const wrong = unlock.kind === 'passphrase' ? 'PASSPHRASE_WRONG' : 'PASSKEY_FAILED'
  if (found === undefined) return err({ code: wrong })
  const { lock, wrapped } = found
  let key: Uint8Array
  if (lock.type === 'passphrase' && unlock.kind === 'passphrase') {
    const password = passwordOf(unlock.passphrase)
    key = await stretch({ password, salt: lock.salt, kdf: lock.kdf })
  } else if (lock.type === 'passkey') {
    const secret = await passkeys.secret(lock.credentialId, lock.salt)
    if (!secret.ok) return secret
    key = await keyOfPasskey(secret.value, lock.salt)
  } else {
    return err({ code: wrong })
  }
  const vaultKey = await decrypt(key, wrapped, contextOf(blob.kind, lock))
  return vaultKey === undefined ? err({ code: wrong }) : ok(vaultKey)
}

function contextOf(kind: BlobKind, lock: Lock): Uint8Array {
  return concat(blobHeader(kind), encodeLock(lock))
}
