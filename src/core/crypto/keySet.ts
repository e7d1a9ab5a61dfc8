/**
 * The secrets of one validator, as they stand in its vault, its backup and its key file (SIG-1).
 *
 * Epoch keys and safety records are not among them, and have no place in this format: a restored
 * copy must never be able to sign what the original may have signed (BFT-10).
 */

import { concat } from '../base/bytes.ts'
import { assert } from '../base/assert.ts'
import { err, ok, type Result } from '../base/result.ts'

export interface KeySet {
  /** Ed25519 seed of the account and identity. */
  readonly identitySeed: Uint8Array
  /** Seed of the BLS key of the tickets (COM-1). */
  readonly vrfSeed: Uint8Array
  /** Ed25519 seed of the network identity. */
  readonly networkSeed: Uint8Array
  /** `nk` of the emotional proof, from which its salts are drawn (STATE-2). */
  readonly proofSecret: Uint8Array
  /** What the enrolment leaf commits to: baseline, salt, consent. Opaque here; absent before it. */
  readonly enrolment?: Uint8Array
}

export interface KeySetInvalid {
  readonly code: 'KEY_SET_INVALID'
  readonly reason: string
}

export const keySetSecretBytes = 32
export const keySetEnrolmentBytesMax = 4096

const version = 1
const fixedBytes = 1 + 4 * keySetSecretBytes + 2

export function encodeKeySet(keys: KeySet): Uint8Array {
  const secrets = [keys.identitySeed, keys.vrfSeed, keys.networkSeed, keys.proofSecret]
  for (const secret of secrets) {
    assert(secret.length === keySetSecretBytes, 'a secret of a key set has 32 bytes')
  }
  const enrolment = keys.enrolment ?? new Uint8Array(0)
  assert(enrolment.length <= keySetEnrolmentBytesMax, 'an enrolment has at most 4096 bytes')
  const length = Uint8Array.of(enrolment.length >> 8, enrolment.length & 255)
  return concat(Uint8Array.of(version), ...secrets, length, enrolment)
}

/** Strict: one byte string for one key set, and nothing behind it. */
export function decodeKeySet(bytes: Uint8Array): Result<KeySet, KeySetInvalid> {
  if (bytes[0] !== version) return invalid('unknown version')
  if (bytes.length < fixedBytes) return invalid('too short')
  const enrolmentBytes = ((bytes[fixedBytes - 2] ?? 0) << 8) | (bytes[fixedBytes - 1] ?? 0)
  if (enrolmentBytes > keySetEnrolmentBytesMax) return invalid('enrolment too long')
  if (bytes.length !== fixedBytes + enrolmentBytes) return invalid('wrong length')
  const secret = (index: number): Uint8Array =>
    bytes.slice(1 + index * keySetSecretBytes, 1 + (index + 1) * keySetSecretBytes)
  return ok({
    identitySeed: secret(0),
    vrfSeed: secret(1),
    networkSeed: secret(2),
    proofSecret: secret(3),
    ...(enrolmentBytes === 0 ? {} : { enrolment: bytes.slice(fixedBytes) }),
  })
}

function invalid(reason: string): Result<KeySet, KeySetInvalid> {
  return err({ code: 'KEY_SET_INVALID', reason })
}
