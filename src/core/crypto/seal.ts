/**
 * AES-256-GCM for small secrets at rest: an epoch key beside its safety record (BFT-10).
 *
 * The nonce is the caller's (RAND-1) and never used twice with one key; `context` is authenticated
 * and not stored, so that a sealed secret opens only in the place that it was sealed for.
 */

import { gcm } from '@noble/ciphers/aes.js'
import { assert } from '../base/assert.ts'
import { concat } from '../base/bytes.ts'

export const sealKeyBytes = 32
export const sealNonceBytes = 12

export function seal(
  key: Uint8Array,
  nonce: Uint8Array,
  secret: Uint8Array,
  context: Uint8Array,
): Uint8Array {
  assert(key.length === sealKeyBytes, 'a sealing key has 32 bytes')
  assert(nonce.length === sealNonceBytes, 'a sealing nonce has 12 bytes')
  return concat(nonce, gcm(key, nonce, context).encrypt(secret))
}

/** `undefined` when it was sealed with another key or for another place, or was damaged. */
export function unseal(
  key: Uint8Array,
  sealed: Uint8Array,
  context: Uint8Array,
): Uint8Array | undefined {
  assert(key.length === sealKeyBytes, 'a sealing key has 32 bytes')
  const nonce = sealed.subarray(0, sealNonceBytes)
  try {
    return gcm(key, nonce, context).decrypt(sealed.subarray(sealNonceBytes))
  } catch {
    return undefined
  }
}
