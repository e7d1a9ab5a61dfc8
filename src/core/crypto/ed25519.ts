/**
 * Ed25519 under ZIP-215 (SIG-1): accounts, identities, envelopes.
 *
 * Verifiers of the field disagree on hundreds of edge cases. ZIP-215 fixes every one of them
 * (non-canonical points accepted, S below the order, cofactored equation), so every node must
 * decide through this file and never through the platform's own Ed25519.
 */

import { ed25519 } from '@noble/curves/ed25519.js'
import { assert } from '../base/assert.ts'

export const ed25519SeedBytes = 32
export const ed25519PublicKeyBytes = 32

export function ed25519PublicKey(seed: Uint8Array): Uint8Array {
  assert(seed.length === ed25519SeedBytes, 'an Ed25519 seed has 32 bytes')
  return ed25519.getPublicKey(seed)
}

export function ed25519Sign(seed: Uint8Array, message: Uint8Array): Uint8Array {
  assert(seed.length === ed25519SeedBytes, 'an Ed25519 seed has 32 bytes')
  return ed25519.sign(message, seed)
}

/** Never throws: any bytes of any length are only valid or not, whatever the library does. */
export function ed25519Verify(
  signature: Uint8Array,
  message: Uint8Array,
  publicKey: Uint8Array,
): boolean {
  try {
    return ed25519.verify(signature, message, publicKey, { zip215: true })
  } catch {
    return false
  }
}
