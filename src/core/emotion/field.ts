/**
 * Elements of the circuit's field, the scalar field of BN254, as bytes and from bytes (ZK-1).
 *
 * Two directions that must not be confused: `fieldToBytes` and `bytesToField` write and strictly
 * read an element; `foldToField` maps 32 arbitrary bytes (a chain id, a beacon, a key) to an
 * element.
 */

import { blake3 } from '@noble/hashes/blake3.js'
import { utf8 } from '../base/bytes.ts'
import { assert } from '../base/assert.ts'
import { err, ok, type Result } from '../base/result.ts'

/** r, the order of the groups of BN254. */
export const fieldOrder =
  21888242871839275222246405745257275088548364400416034343698204186575808495617n

export const fieldBytes = 32

/** What is folded: one hash context each, so that a beacon never reads as a key. */
const foldContexts = {
  chainId: 'emotionalchain/v1/circuit-chain-id',
  beacon: 'emotionalchain/v1/circuit-beacon',
  identity: 'emotionalchain/v1/circuit-identity',
  scope: 'emotionalchain/v1/circuit-scope',
} as const

export type FoldKind = keyof typeof foldContexts

export function isField(value: bigint): boolean {
  return value >= 0n && value < fieldOrder
}

/** 32 bytes, big-endian. */
export function fieldToBytes(value: bigint): Uint8Array {
  assert(isField(value), 'a field element lies below the order')
  return integerToBytes(value)
}

/** Strict inverse of `fieldToBytes`: one element has one encoding. */
export function bytesToField(
  bytes: Uint8Array,
): Result<bigint, { readonly code: 'FIELD_INVALID' }> {
  if (bytes.length !== fieldBytes) return err({ code: 'FIELD_INVALID' })
  const value = bytesToInteger(bytes)
  return isField(value) ? ok(value) : err({ code: 'FIELD_INVALID' })
}

/** The low 253 bits of BLAKE3 in derive-key mode: always below the order, 2^253 < r. */
export function foldToField(kind: FoldKind, bytes: Uint8Array): bigint {
  const digest = blake3(bytes, { context: utf8(foldContexts[kind]) })
  return bytesToInteger(digest) & ((1n << 253n) - 1n)
}

/** The ASCII bytes of a text constant as a big-endian integer. */
export function asciiField(text: string): bigint {
  assert(text.length <= 31, 'a text constant fits below the order')
  return bytesToInteger(utf8(text))
}

export function bytesToInteger(bytes: Uint8Array): bigint {
  let value = 0n
  for (const byte of bytes) value = (value << 8n) | BigInt(byte)
  return value
}

export function integerToBytes(value: bigint): Uint8Array {
  const bytes = new Uint8Array(fieldBytes)
  let rest = value
  for (let index = fieldBytes - 1; index >= 0; index -= 1) {
    bytes[index] = Number(rest & 255n)
    rest >>= 8n
  }
  assert(rest === 0n, 'the integer fits into 32 bytes')
  return bytes
}
