/**
 * The reference of `BlsBackend` (SIG-1): `@noble/curves`, pure and audited. Slow (tens of
 * milliseconds a pairing): nodes run a native or WebAssembly one, held equal to this by a test.
 */

import { bls12_381 } from '@noble/curves/bls12-381.js'
import { assert } from '../base/assert.ts'
import { hex } from '../base/bytes.ts'
import {
  blsPossessionDst,
  blsPublicKeyBytes,
  blsSecretBytes,
  blsSignatureBytes,
  blsSignatureDst,
  type BlsBackend,
} from './bls.ts'
import { createBoundedCache } from './boundedCache.ts'

const { longSignatures, G1, G2, fields } = bls12_381

type PublicPoint = InstanceType<typeof G1.Point>
type SignaturePoint = InstanceType<typeof G2.Point>

/** Decoding a key costs a square root and a subgroup check: members' keys come again and again. */
const publicKeyCacheEntriesMax = 1024
const publicPoints = createBoundedCache<PublicPoint>(publicKeyCacheEntriesMax)

export const blsNoble: BlsBackend = {
  name: 'noble',
  publicKey(secret) {
    assertSecret(secret)
    return longSignatures.getPublicKey(secret).toBytes(true)
  },
  sign(secret, message) {
    assertSecret(secret)
    return signWith(blsSignatureDst, secret, message)
  },
  verify(publicKey, message, signature) {
    return verifyWith(blsSignatureDst, decodePublicKey(publicKey), message, signature)
  },
  aggregateSignatures(signatures) {
    let sum = G2.Point.ZERO
    for (const bytes of signatures) {
      const point = decodeSignature(bytes)
      if (point === undefined) return undefined
      sum = sum.add(point)
    }
    return sum.is0() ? undefined : longSignatures.Signature.toBytes(sum)
  },
  fastAggregateVerify(publicKeys, message, signature) {
    let sum = G1.Point.ZERO
    for (const bytes of publicKeys) {
      const point = decodePublicKey(bytes)
      if (point === undefined) return false
      sum = sum.add(point)
    }
    return verifyWith(blsSignatureDst, sum, message, signature)
  },
  provePossession(secret) {
    assertSecret(secret)
    return signWith(blsPossessionDst, secret, this.publicKey(secret))
  },
  verifyPossession(publicKey, proof) {
    return verifyWith(blsPossessionDst, decodePublicKey(publicKey), publicKey, proof)
  },
  isPublicKeyValid(publicKey) {
    return decodePublicKey(publicKey) !== undefined
  },
}

function assertSecret(secret: Uint8Array): void {
  assert(secret.length === blsSecretBytes, 'a BLS secret has 32 bytes')
  const scalar = BigInt(`0x${hex(secret)}`)
  assert(scalar > 0n && scalar < fields.Fr.ORDER, 'a BLS secret is a scalar other than zero')
}

function signWith(dst: string, secret: Uint8Array, message: Uint8Array): Uint8Array {
  const point = longSignatures.sign(longSignatures.hash(message, dst), secret)
  return longSignatures.Signature.toBytes(point)
}

/** e(P, H(m)) = e(G, S), as a product of two pairings that must be one. */
function verifyWith(
  dst: string,
  publicPoint: PublicPoint | undefined,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (publicPoint === undefined || publicPoint.is0()) return false
  const signaturePoint = decodeSignature(signature)
  if (signaturePoint === undefined) return false
  const messagePoint = longSignatures.hash(message, dst)
  if (messagePoint.is0()) return false
  const product = bls12_381.pairingBatch([
    { g1: publicPoint.negate(), g2: messagePoint },
    { g1: G1.Point.BASE, g2: signaturePoint },
  ])
  return fields.Fp12.eql(product, fields.Fp12.ONE)
}

function decodePublicKey(bytes: Uint8Array): PublicPoint | undefined {
  if (bytes.length !== blsPublicKeyBytes) return undefined
  const key = hex(bytes)
  const known = publicPoints.get(key)
  if (known !== undefined) return known
  const point = decoded(() => G1.Point.fromBytes(bytes))
  if (point === undefined || point.is0()) return undefined
  publicPoints.set(key, point)
  return point
}

function decodeSignature(bytes: Uint8Array): SignaturePoint | undefined {
  if (bytes.length !== blsSignatureBytes) return undefined
  const point = decoded(() => longSignatures.Signature.fromBytes(bytes))
  return point === undefined || point.is0() ? undefined : point
}

/** The library throws on an encoding that is no point of the subgroup. */
function decoded<T>(decode: () => T): T | undefined {
  try {
    return decode()
  } catch {
    return undefined
  }
}
