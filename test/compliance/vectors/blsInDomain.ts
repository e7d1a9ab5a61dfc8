/**
 * The steps of `blsNoble.ts` and `blsWasm.ts` in a domain that is not ours, which their vectors
 * have. mcl takes domains of 43 bytes only and blst's binding only ours.
 */

import { bls12_381 } from '@noble/curves/bls12-381.js'
import library from 'bls-eth-wasm'
import {
  hashToPoint,
  pairingHolds,
  setDomain,
  signPoint,
} from '../../../src/adapters/crypto/mclPoints.ts'
import { blsSignatureDst, type BlsBackend } from '../../../src/core/crypto/bls.ts'

const { longSignatures } = bls12_381

export interface BlsInDomain {
  sign(domain: string, secret: Uint8Array, message: Uint8Array): Uint8Array
  /** Of a key and a signature that the backend decodes. */
  pairs(domain: string, key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean
}

/** The point that a message is hashed to, encoded as a signature. */
export function hashInDomain(domain: string, message: Uint8Array): Uint8Array {
  return longSignatures.Signature.toBytes(longSignatures.hash(message, domain))
}

export const nobleInDomain: BlsInDomain = {
  sign: (domain, secret, message) =>
    longSignatures.Signature.toBytes(
      longSignatures.sign(longSignatures.hash(message, domain), secret),
    ),
  pairs: (domain, key, message, signature) =>
    longSignatures.verify(signature, longSignatures.hash(message, domain), key),
}

/** After `loadBlsWasm`. */
export const mclInDomain: BlsInDomain = {
  sign(domain, secret, message) {
    const scalar = new library.SecretKey()
    scalar.deserialize(secret)
    return within(domain, () => signPoint(scalar, hashToPoint(message)).serialize())
  },
  pairs(domain, key, message, signature) {
    const keyPoint = new library.PublicKey()
    const signaturePoint = new library.Signature()
    keyPoint.deserialize(key)
    signaturePoint.deserialize(signature)
    return within(domain, () => pairingHolds(keyPoint, hashToPoint(message), signaturePoint))
  },
}

export function verifiesInDomain(
  [backend, inDomain]: readonly [BlsBackend, BlsInDomain],
  domain: string,
  [key, message, signature]: readonly [Uint8Array, Uint8Array, Uint8Array],
): boolean {
  if (!backend.isPublicKeyValid(key)) return false
  if (backend.aggregateSignatures([signature]) === undefined) return false
  return inDomain.pairs(domain, key, message, signature)
}

function within<T>(domain: string, ask: () => T): T {
  setDomain(domain)
  try {
    return ask()
  } finally {
    setDomain(blsSignatureDst)
  }
}
