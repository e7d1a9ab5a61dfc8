/**
 * The key of what was measured, from the keys of the vault (PRIV-1): it is there while they are
 * unlocked, and a restored backup has it again. Not extractable once made.
 */
import { utf8 } from '../../core/base/bytes.ts'

export async function recordingKey(identitySeed: Uint8Array): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey(
    'raw',
    Uint8Array.from(identitySeed),
    'HKDF',
    false,
    ['deriveKey'],
  )
  const info = utf8('emotionalchain/v1/recordings')
  return crypto.subtle.deriveKey(
    // The seed is 32 uniform bytes: RFC 5869, section 3.1, asks for no salt then.
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info },
    material,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt', 'decrypt'],
  )
}
