/**
 * A stand-in for BLS in simulations of the agreement, where signatures cost nothing: a signature is
 * a hash of the public key and the message, an aggregate the XOR of its parts. It proves nothing to
 * an adversary, so the campaigns that check cryptography run with the real backends.
 */
import type { BlsBackend } from '../../src/core/crypto/bls.ts'
import { hash } from '../../src/core/crypto/hash.ts'
import { concat, equalBytes } from '../../src/core/base/bytes.ts'

function publicKey(secret: Uint8Array): Uint8Array {
  return concat(hash('epochKey', secret), new Uint8Array(16))
}

function expected(key: Uint8Array, message: Uint8Array): Uint8Array {
  const digest = hash('message', key, message)
  return concat(digest, digest, digest)
}

function xor(parts: readonly Uint8Array[]): Uint8Array {
  const sum = new Uint8Array(96)
  for (const part of parts) part.forEach((byte, index) => (sum[index] = (sum[index] ?? 0) ^ byte))
  return sum
}

export const stubBls: BlsBackend = {
  name: 'stub',
  publicKey,
  sign: (secret, message) => expected(publicKey(secret), message),
  verify: (key, message, signature) => equalBytes(expected(key, message), signature),
  aggregateSignatures: (list) => (list.length === 0 ? undefined : xor(list)),
  fastAggregateVerify: (keys, message, signature) =>
    keys.length > 0 && equalBytes(xor(keys.map((key) => expected(key, message))), signature),
  provePossession: (secret) => expected(publicKey(secret), publicKey(secret)),
  verifyPossession: (key, proof) => equalBytes(expected(key, key), proof),
  isPublicKeyValid: (key) => key.length === 48,
}
