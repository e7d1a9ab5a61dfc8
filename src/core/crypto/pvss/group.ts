/**
 * The group of the beacon's sharing (BEACON-2): ristretto255 (RFC 9496), of prime order and with
 * one encoding for each element. Decision 0012 says why this group.
 *
 * Decoding is the only way in for bytes of others: it refuses encodings that are not canonical, the
 * identity, and scalars of zero or not below the order. Operations on secrets use the library's
 * multiplication with a fixed pattern; what is public may take the faster one.
 */
import { mulAddUnsafe } from '@noble/curves/abstract/curve.js'
import { ristretto255 } from '@noble/curves/ed25519.js'
import { assert } from '../../base/assert.ts'
import { concat } from '../../base/bytes.ts'

export type Point = InstanceType<typeof ristretto255.Point>

export const pointBytes = 32
export const scalarBytes = 32

const { Fn } = ristretto255.Point

/** Order of the group, a prime of 253 bits. */
export const groupOrder = Fn.ORDER

/** g, the generator of RFC 9496. */
export const generator: Point = ristretto255.Point.BASE

/** Undefined for anything but the canonical encoding of an element other than the identity. */
export function decodePoint(bytes: Uint8Array): Point | undefined {
  if (bytes.length !== pointBytes) return undefined
  try {
    const point = ristretto255.Point.fromBytes(bytes)
    return point.is0() ? undefined : point
  } catch {
    return undefined
  }
}

/** Undefined for anything but 32 bytes, least first, of a number from 1 to the order less one. */
export function decodeScalar(bytes: Uint8Array): bigint | undefined {
  if (bytes.length !== scalarBytes) return undefined
  const value = littleEndian(bytes)
  return value > 0n && value < groupOrder ? value : undefined
}

export function encodeScalar(scalar: bigint): Uint8Array {
  return Fn.toBytes(scalar)
}

/** 64 uniform bytes to a scalar, the bias of the reduction below 2^-250. */
export function scalarFromWide(bytes: Uint8Array): bigint {
  assert(bytes.length === 64, 'a scalar is reduced from 64 bytes')
  return littleEndian(bytes) % groupOrder
}

export function addScalars(left: bigint, right: bigint): bigint {
  return Fn.add(left, right)
}

export function subtractScalars(left: bigint, right: bigint): bigint {
  return Fn.sub(left, right)
}

export function multiplyScalars(left: bigint, right: bigint): bigint {
  return Fn.mul(left, right)
}

export function invertScalar(scalar: bigint): bigint {
  return Fn.inv(scalar)
}

/** For public exponents only: the time depends on the numbers. Terms of the sum in their order. */
export function sumOfProducts(points: readonly Point[], scalars: readonly bigint[]): Point {
  return mulAddUnsafe(ristretto255.Point, [...points], [...scalars])
}

export function encodePoints(points: readonly Point[]): Uint8Array {
  return concat(...points.map((point) => point.toBytes()))
}

/** Item `index` of a string of items of 32 bytes. */
export function itemAt(bytes: Uint8Array, index: number): Uint8Array {
  return bytes.subarray(index * pointBytes, (index + 1) * pointBytes)
}

function littleEndian(bytes: Uint8Array): bigint {
  let value = 0n
  for (const byte of bytes.toReversed()) value = (value << 8n) | BigInt(byte)
  return value
}
