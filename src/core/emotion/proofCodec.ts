/**
 * A Groth16 proof over BN254 as 256 bytes, and strictly back (ZK-4).
 *
 * Eight big-endian coordinates: A.x A.y B.x.c0 B.x.c1 B.y.c0 B.y.c1 C.x C.y. One proof has one
 * encoding. Decoding checks what is cheap: length, range, the curve equations, no point at
 * infinity. That B lies in the subgroup of order r is checked by the verifier, which has the group
 * arithmetic.
 */

import { assert } from '../base/assert.ts'
import { err, ok, type Result } from '../base/result.ts'
import { bytesToInteger, fieldBytes, integerToBytes } from './field.ts'

/** q, the order of the field of the coordinates. */
export const baseFieldOrder =
  21888242871839275222246405745257275088696311157297823662689037894645226208583n

const coordinateCount = 8
export const proofBytesLength = coordinateCount * fieldBytes

/** c0 + c1·i with i² = −1. */
export type Fp2 = readonly [c0: bigint, c1: bigint]

export interface EmotionalProof {
  readonly a: readonly [x: bigint, y: bigint]
  readonly b: readonly [x: Fp2, y: Fp2]
  readonly c: readonly [x: bigint, y: bigint]
}

export type ProofError =
  | { readonly code: 'PROOF_LENGTH'; readonly byteCount: number }
  /** A coordinate at or above q. */
  | { readonly code: 'PROOF_COORDINATE'; readonly index: number }
  /** Not on its curve, or at infinity. */
  | { readonly code: 'PROOF_POINT'; readonly point: 'a' | 'b' | 'c' }

export function encodeProof(proof: EmotionalProof): Uint8Array {
  const { a, b, c } = proof
  const coordinates = [...a, ...b[0], ...b[1], ...c]
  const bytes = new Uint8Array(proofBytesLength)
  for (const [index, coordinate] of coordinates.entries()) {
    assert(coordinate >= 0n && coordinate < baseFieldOrder, 'a coordinate lies below q')
    bytes.set(integerToBytes(coordinate), index * fieldBytes)
  }
  return bytes
}

export function decodeProof(bytes: Uint8Array): Result<EmotionalProof, ProofError> {
  if (bytes.length !== proofBytesLength) {
    return err({ code: 'PROOF_LENGTH', byteCount: bytes.length })
  }
  const coordinate = (index: number): bigint =>
    bytesToInteger(bytes.subarray(index * fieldBytes, (index + 1) * fieldBytes))
  for (let index = 0; index < coordinateCount; index += 1) {
    if (coordinate(index) >= baseFieldOrder) return err({ code: 'PROOF_COORDINATE', index })
  }
  const proof: EmotionalProof = {
    a: [coordinate(0), coordinate(1)],
    b: [
      [coordinate(2), coordinate(3)],
      [coordinate(4), coordinate(5)],
    ],
    c: [coordinate(6), coordinate(7)],
  }
  if (!isOnG1(proof.a)) return err({ code: 'PROOF_POINT', point: 'a' })
  if (!isOnG2(proof.b)) return err({ code: 'PROOF_POINT', point: 'b' })
  if (!isOnG1(proof.c)) return err({ code: 'PROOF_POINT', point: 'c' })
  return ok(proof)
}

/** y² = x³ + 3. The cofactor is 1: every point of the curve is in the subgroup. */
export function isOnG1([x, y]: readonly [bigint, bigint]): boolean {
  return (y * y - x * x * x - 3n) % baseFieldOrder === 0n
}

/** (9 + i)·(y² − x³) = 3: the twist, whose constant is 3/(9 + i). */
export function isOnG2([x, y]: readonly [Fp2, Fp2]): boolean {
  const cube = multiply(multiply(x, x), x)
  const square = multiply(y, y)
  const difference = multiply([square[0] - cube[0], square[1] - cube[1]], [9n, 1n])
  return (difference[0] - 3n) % baseFieldOrder === 0n && difference[1] % baseFieldOrder === 0n
}

function multiply(left: Fp2, right: Fp2): Fp2 {
  return [
    (left[0] * right[0] - left[1] * right[1]) % baseFieldOrder,
    (left[0] * right[1] + left[1] * right[0]) % baseFieldOrder,
  ]
}
