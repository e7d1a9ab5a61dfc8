/**
 * Exponents of the group of the sharing (BEACON-2): the numbers modulo its order, a prime. Decoding
 * is the only way in for bytes of others: it refuses zero and what is not below the order.
 */
import { ristretto255 } from '@noble/curves/ed25519.js'
import { assert } from '../../base/assert.ts'

export const scalarBytes = 32

const { Fn } = ristretto255.Point

/** Order of the group, a prime of 253 bits. */
export const groupOrder = Fn.ORDER

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

/** All at once for the price of one and three products each (Montgomery); none is zero. */
export function invertScalars(scalars: readonly bigint[]): readonly bigint[] {
  return Fn.invertBatch([...scalars])
}

function littleEndian(bytes: Uint8Array): bigint {
  let value = 0n
  for (const byte of bytes.toReversed()) value = (value << 8n) | BigInt(byte)
  return value
}
