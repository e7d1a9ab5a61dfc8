/** The challenge of an Ed25519 signature (RFC 8032, section 5.1.7, step 2). */

import { sha512 } from '@noble/hashes/sha2.js'
import { groupOrder, readInteger } from '../../lib/edwards25519/scalars.ts'

/** SHA-512 of R, A and the message, exactly as they came, modulo L. */
export function challengeOf(
  commitment: Uint8Array,
  publicKey: Uint8Array,
  message: Uint8Array,
): bigint {
  const digest = sha512.create().update(commitment).update(publicKey).update(message).digest()
  return readInteger(new DataView(digest.buffer, digest.byteOffset, 64), 0, 8) % groupOrder
}
