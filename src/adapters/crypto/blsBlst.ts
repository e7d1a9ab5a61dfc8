/**
 * `BlsBackend` for Node (SIG-1): blst, native code.
 *
 * blst's binding knows one domain only, so proofs of possession, which have their own, are made and
 * checked by the reference.
 */

import {
  aggregateSignatures,
  fastAggregateVerify,
  PublicKey,
  SecretKey,
  Signature,
  verify,
} from '@chainsafe/blst'
import { assert } from '../../core/base/assert.ts'
import { hex, mapKey } from '../../core/base/bytes.ts'
import {
  blsPublicKeyBytes,
  blsSecretBytes,
  blsSignatureBytes,
  type BlsBackend,
} from '../../core/crypto/bls.ts'
import { blsNoble } from '../../core/crypto/blsNoble.ts'
import { createBoundedCache } from '../../core/crypto/boundedCache.ts'

/** A full set of checkpoint voters, and committees beside it (CKPT-1): about 10 MB at most. */
const publicKeyCacheEntriesMax = 12_288
const publicPoints = createBoundedCache<PublicKey>(publicKeyCacheEntriesMax)

/** Three kinds of votes of a full committee, for a few views. */
const preparedEntriesMax = 256
const prepared = createBoundedCache<Signature>(preparedEntriesMax)

export const blsBlst: BlsBackend = {
  name: 'blst',
  publicKey(secret) {
    return secretKey(secret).toPublicKey().toBytes()
  },
  sign(secret, message) {
    return secretKey(secret).sign(message).toBytes()
  },
  verify(publicKey, message, signature) {
    const keyPoint = decodePublicKey(publicKey)
    const signaturePoint = decodeSignature(signature)
    if (keyPoint === undefined || signaturePoint === undefined) return false
    return answered(() => verify(message, keyPoint, signaturePoint)) === true
  },
  aggregateSignatures(signatures) {
    const points = decodeAll(
      signatures,
      (bytes) => prepared.get(hex(bytes)) ?? decodeSignature(bytes),
    )
    if (points === undefined || points.length === 0) return undefined
    const sum = answered(() => aggregateSignatures(points).toBytes())
    return sum === undefined || isInfinity(sum) ? undefined : sum
  },
  fastAggregateVerify(publicKeys, message, signature) {
    const points = decodeAll(publicKeys, decodePublicKey)
    const signaturePoint = decodeSignature(signature)
    if (points === undefined || points.length === 0 || signaturePoint === undefined) return false
    return answered(() => fastAggregateVerify(message, points, signaturePoint)) === true
  },
  provePossession: (secret) => blsNoble.provePossession(secret),
  verifyPossession: (publicKey, proof) => blsNoble.verifyPossession(publicKey, proof),
  prepareSignature(signature) {
    const point = decodeSignature(signature)
    if (point !== undefined) prepared.set(hex(signature), point)
  },
  isPublicKeyValid: (publicKey) => decodePublicKey(publicKey) !== undefined,
}

function secretKey(secret: Uint8Array): SecretKey {
  assert(secret.length === blsSecretBytes, 'a BLS secret has 32 bytes')
  return SecretKey.fromBytes(secret)
}

function decodePublicKey(bytes: Uint8Array): PublicKey | undefined {
  if (bytes.length !== blsPublicKeyBytes) return undefined
  const name = mapKey(bytes)
  const known = publicPoints.get(name)
  if (known !== undefined) return known
  const point = answered(() => PublicKey.fromBytes(bytes, true))
  if (point !== undefined) publicPoints.set(name, point)
  return point
}

function decodeSignature(bytes: Uint8Array): Signature | undefined {
  if (bytes.length !== blsSignatureBytes) return undefined
  return answered(() => Signature.fromBytes(bytes, true, true))
}

function decodeAll<T>(
  list: readonly Uint8Array[],
  decode: (bytes: Uint8Array) => T | undefined,
): T[] | undefined {
  const points: T[] = []
  for (const bytes of list) {
    const point = decode(bytes)
    if (point === undefined) return undefined
    points.push(point)
  }
  return points
}

/** The library throws on bytes that are no valid point. */
function answered<T>(ask: () => T): T | undefined {
  try {
    return ask()
  } catch {
    return undefined
  }
}

/** Compressed encoding: the second bit marks the point at infinity. */
function isInfinity(bytes: Uint8Array): boolean {
  return ((bytes[0] ?? 0) & 0x40) !== 0
}
