/** AES-256-GCM and HKDF of the platform, for the vault. */

import { utf8 } from '../../core/base/bytes.ts'
import type { Random } from '../../ports/random.ts'
import { nonceBytes, type Encrypted } from './vaultBlob.ts'

type Owned = Uint8Array<ArrayBuffer>

/** Secure contexts only: https, or http on the local machine. */
export function hasPlatformCrypto(): boolean {
  return 'crypto' in globalThis && 'subtle' in crypto && isObject(crypto.subtle)
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}

export async function encrypt(
  key: Uint8Array,
  random: Random,
  secret: Uint8Array,
  context: Uint8Array,
): Promise<Encrypted> {
  const nonce = owned(random.bytes(nonceBytes))
  const bytes = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv: nonce, additionalData: owned(context) },
    await imported(key),
    owned(secret),
  )
  return { nonce, bytes: new Uint8Array(bytes) }
}

/** `undefined` when the key is another one, or key, content or context do not belong together. */
export async function decrypt(
  key: Uint8Array,
  { nonce, bytes }: Encrypted,
  context: Uint8Array,
): Promise<Uint8Array | undefined> {
  try {
    const secret = await crypto.subtle.decrypt(
      { name: 'AES-GCM', iv: owned(nonce), additionalData: owned(context) },
      await imported(key),
      owned(bytes),
    )
    return new Uint8Array(secret)
  } catch {
    return undefined
  }
}

/** The key that wraps the vault key, from what a passkey's PRF gave. */
export async function keyOfPasskey(secret: Uint8Array, salt: Uint8Array): Promise<Uint8Array> {
  const material = await crypto.subtle.importKey('raw', owned(secret), 'HKDF', false, [
    'deriveBits',
  ])
  const info = utf8('emotionalchain/v1/vault-passkey')
  const bits = await crypto.subtle.deriveBits(
    { name: 'HKDF', hash: 'SHA-256', salt: owned(salt), info },
    material,
    256,
  )
  return new Uint8Array(bits)
}

function imported(key: Uint8Array): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', owned(key), 'AES-GCM', false, ['encrypt', 'decrypt'])
}

/** The platform takes no view of shared memory; the types of the core allow one. */
function owned(bytes: Uint8Array): Owned {
  return Uint8Array.from(bytes)
}
