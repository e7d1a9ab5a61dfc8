/**
 * Baby Jubjub, the curve whose coordinates are numbers of the circuits (EIP-2494; PRIV-2): the
 * subgroup of prime order that `BASE8` of circomlib generates, in @noble/curves. Points of others
 * come in through `decodePoint` alone, which refuses what is outside of that subgroup: of eight
 * points with one multiple the curve has, only one belongs to it.
 */
import { babyjubjub } from '@noble/curves/misc.js'

export type WellnessPoint = InstanceType<typeof babyjubjub.Point>

export const { Point } = babyjubjub
const { Fn } = Point

/** y, least byte first, and the sign of x in the highest bit (RFC 8032, section 5.1.2). */
export const pointBytes = 32
export const scalarBytes = 32

export const generator: WellnessPoint = Point.BASE
export const identity: WellnessPoint = Point.ZERO

/** Order of the subgroup, a prime of 251 bits. */
export const groupOrder: bigint = Fn.ORDER

/** Undefined for what is no canonical encoding of a point of the subgroup. */
export function decodePoint(bytes: Uint8Array): WellnessPoint | undefined {
  if (bytes.length !== pointBytes) return undefined
  try {
    const point = Point.fromBytes(bytes)
    return point.isTorsionFree() ? point : undefined
  } catch {
    return undefined
  }
}

/** Undefined for anything but 32 bytes, least first, of a number below the order. */
export function decodeScalar(bytes: Uint8Array): bigint | undefined {
  if (bytes.length !== scalarBytes) return undefined
  let value = 0n
  for (const byte of bytes.toReversed()) value = (value << 8n) | BigInt(byte)
  return value < groupOrder ? value : undefined
}

export function encodeScalar(scalar: bigint): Uint8Array {
  return Fn.toBytes(scalar)
}

/** Also of zero and of negative numbers, which the library's `multiply` refuses. */
export function times(point: WellnessPoint, scalar: bigint): WellnessPoint {
  const reduced = Fn.create(scalar)
  return reduced === 0n ? identity : point.multiply(reduced)
}

export const scalars = {
  add: (left: bigint, right: bigint): bigint => Fn.add(left, right),
  subtract: (left: bigint, right: bigint): bigint => Fn.sub(left, right),
  multiply: (left: bigint, right: bigint): bigint => Fn.mul(left, right),
  divide: (left: bigint, right: bigint): bigint => Fn.mul(left, Fn.inv(right)),
} as const
