/** Signatures of every sort that verifiers disagree about, made from numbers. */

import { ed25519 } from '@noble/curves/ed25519.js'
import { concat } from '../../../src/core/base/bytes.ts'
import { ed25519PublicKey, ed25519Sign } from '../../../src/core/crypto/ed25519.ts'
import type { SignatureItem } from '../../../src/ports/signatureVerifier.ts'
import { groupOrder } from '../../lib/edwards25519/scalars.ts'
import { challengeOf } from './challenge.ts'

const { Point } = ed25519

/** y of the points of small order, every encoding of 255 bits, as in ZIP-215. */
const smallOrderY = [
  0n,
  1n,
  (1n << 255n) - 20n,
  (1n << 255n) - 19n,
  (1n << 255n) - 18n,
  ...[1n, 3n].map((multiple) => torsion(multiple).toAffine().y),
]

export const smallOrderEncodings: readonly Uint8Array[] = smallOrderY.flatMap((y) =>
  [0, 128].map((sign) => {
    const bytes = littleEndian(y)
    bytes[31] = (bytes[31] ?? 0) | sign
    return bytes
  }),
)

export type SignatureSort =
  | 'good'
  | 'wrong message'
  | 'flipped bit'
  | 'scalar too large'
  | 'small order'
  | 'mixed order'
  | 'wrong mixed order'
  | 'wrong length'

export const signatureSorts: readonly SignatureSort[] = [
  'good',
  'wrong message',
  'flipped bit',
  'scalar too large',
  'small order',
  'mixed order',
  'wrong mixed order',
  'wrong length',
]

/** The same for the same numbers; `number` below 2^16. */
export function makeSignature(sort: SignatureSort, number: number): SignatureItem {
  const seed = new Uint8Array(32).fill(number & 255).fill(number >> 8, 16)
  const message = new Uint8Array(number % 300).fill(number & 255)
  const publicKey = ed25519PublicKey(seed)
  const signature = ed25519Sign(seed, message)
  switch (sort) {
    case 'good':
      return { publicKey, message, signature }
    case 'wrong message':
      return { publicKey, message: concat(message, Uint8Array.of(1)), signature }
    case 'flipped bit':
      signature[number % 64] = (signature[number % 64] ?? 0) ^ (1 << (number % 8))
      return { publicKey, message, signature }
    case 'scalar too large':
      return { publicKey, message, signature: withScalar(signature, groupOrder) }
    case 'small order':
      return smallOrder(number, message)
    case 'mixed order':
      return mixedOrder(number, message, 0n)
    case 'wrong mixed order':
      return mixedOrder(number, message, 1n)
    case 'wrong length':
      return { publicKey, message, signature: signature.subarray(number % 64).slice(1) }
  }
}

/** `delta` is added to S, which makes it wrong by a point of large order. */
export function withScalar(signature: Uint8Array, delta: bigint): Uint8Array {
  const scalar = fromLittleEndian(signature.subarray(32)) + delta
  return concat(signature.subarray(0, 32), littleEndian(scalar))
}

function smallOrder(number: number, message: Uint8Array): SignatureItem {
  const count = smallOrderEncodings.length
  const [publicKey, commitment] = [number % count, Math.floor(number / count) % count].map(
    (index) => smallOrderEncodings[index] ?? new Uint8Array(32),
  ) as [Uint8Array, Uint8Array]
  // S = 0 satisfies the cofactored equation, S = 1 does not.
  const signature = concat(commitment, littleEndian(BigInt(number % 3 === 0 ? 1 : 0)))
  return { publicKey, message, signature }
}

/** Key and R with a part of small order, which only the factor 8 takes out of the equation. */
function mixedOrder(number: number, message: Uint8Array, error: bigint): SignatureItem {
  const [secret, nonce] = [BigInt(number) + 2n, BigInt(number) * 7n + 5n]
  const publicKey = mixed(secret, number)
  const commitment = mixed(nonce, number >> 3)
  const k = challengeOf(commitment, publicKey, message)
  const s = (nonce + k * secret + error) % groupOrder
  return { publicKey, message, signature: concat(commitment, littleEndian(s)) }
}

function mixed(scalar: bigint, order: number): Uint8Array {
  return Point.BASE.multiply(scalar)
    .add(torsion(BigInt(order % 8)))
    .toBytes()
}

/** A multiple of a point of order 8. */
function torsion(multiple: bigint): InstanceType<typeof Point> {
  // Its encoding is one of the four of that order (ZIP-215).
  const generator = Point.fromHex(
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  )
  return multiple === 0n ? Point.ZERO : generator.multiplyUnsafe(multiple)
}

function littleEndian(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, index) => Number((value >> BigInt(8 * index)) & 255n))
}

function fromLittleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n)
}
