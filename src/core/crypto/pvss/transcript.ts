/**
 * Everything that the sharing hashes (BEACON-2, HASH-1): one context, a tag for each use.
 *
 * Challenges are 16 bytes: a false statement has at most one challenge that passes for each first
 * message, so the chance of a forgery is the number of hashes tried over 2^128.
 */
import { assert } from '../../base/assert.ts'
import { concat, u32be } from '../../base/bytes.ts'
import { hash } from '../hash.ts'
import { scalarFromWide } from './scalars.ts'

/** One number for each use. They are part of the protocol. */
const tags = {
  sharing: 1,
  shareGenerator: 2,
  key: 3,
  coefficient: 4,
  dealNonce: 5,
  dealChallenge: 6,
  degreeTest: 7,
  shareNonce: 8,
  shareWeight: 9,
  shareChallenge: 10,
  result: 11,
  fallback: 12,
  deal: 13,
} as const

export type SharingTag = keyof typeof tags

export const challengeBytes = 16

/** Parts are of fixed length or carry their length, as for `hash`. */
export function sharingHash(tag: SharingTag, ...parts: readonly Uint8Array[]): Uint8Array {
  return hash('sharing', u32be(tags[tag]), ...parts)
}

/** Number `index` of a stream of uniform scalars that the parts fix. */
export function scalarOf(tag: SharingTag, index: number, ...parts: readonly Uint8Array[]): bigint {
  return scalarFromWide(wideHash(tag, index, parts))
}

export function challengeOf(tag: SharingTag, ...parts: readonly Uint8Array[]): Uint8Array {
  return sharingHash(tag, ...parts).slice(0, challengeBytes)
}

/** The challenge as an exponent, 0 to 2^128 - 1. */
export function challengeScalar(challenge: Uint8Array): bigint {
  assert(challenge.length === challengeBytes, 'a challenge has 16 bytes')
  let value = 0n
  for (const byte of challenge) value = (value << 8n) | BigInt(byte)
  return value
}

/** 64 bytes, uniform; `index` counts the scalars or elements of one use. */
export function wideHash(tag: SharingTag, index: number, parts: readonly Uint8Array[]): Uint8Array {
  const half = (which: number): Uint8Array => sharingHash(tag, u32be(index), u32be(which), ...parts)
  return concat(half(0), half(1))
}
