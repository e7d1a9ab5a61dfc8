/** Points of a key file as snarkjs holds them, checked and in the form that hashes take (ZK-9). */

import { bn254 } from '@noble/curves/bn254.js'
import { baseFieldOrder, isOnG1, isOnG2, type Fp2 } from '../../src/core/emotion/proofCodec.ts'
import { integerToBytes } from '../../src/core/emotion/field.ts'
import { integerAt, scalarBytes } from './sections.ts'

/** 2^-256: coordinates are kept times 2^256. */
const radixInverse = inverse(1n << 256n)

/**
 * A point of G1, affine and little-endian in Montgomery form: its big-endian bytes, x then y.
 * Undefined when it is not on the curve, or at infinity.
 */
export function plainG1(bytes: Uint8Array): Uint8Array | undefined {
  const [x, y] = [coordinate(bytes, 0), coordinate(bytes, 1)]
  if (x === undefined || y === undefined || !isOnG1([x, y])) return undefined
  return Buffer.concat([integerToBytes(x), integerToBytes(y)])
}

/** As `plainG1`, in the subgroup of order r of the twist; of a coordinate c1 goes before c0. */
export function plainG2(bytes: Uint8Array): Uint8Array | undefined {
  const parts = [0, 1, 2, 3].map((index) => coordinate(bytes, index))
  const [x0, x1, y0, y1] = parts
  if (x0 === undefined || x1 === undefined || y0 === undefined || y1 === undefined) return undefined
  const [x, y]: readonly [Fp2, Fp2] = [
    [x0, x1],
    [y0, y1],
  ]
  if (!isOnG2([x, y])) return undefined
  const point = bn254.G2.Point.fromAffine({ x: { c0: x0, c1: x1 }, y: { c0: y0, c1: y1 } })
  if (!point.isTorsionFree()) return undefined
  return Buffer.concat([x1, x0, y1, y0].map(integerToBytes))
}

function coordinate(bytes: Uint8Array, index: number): bigint | undefined {
  const value = integerAt(bytes, index * scalarBytes)
  return value < baseFieldOrder ? (value * radixInverse) % baseFieldOrder : undefined
}

function inverse(value: bigint): bigint {
  let [result, square] = [1n, value % baseFieldOrder]
  for (let rest = baseFieldOrder - 2n; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % baseFieldOrder
    square = (square * square) % baseFieldOrder
  }
  return result
}
