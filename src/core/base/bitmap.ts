/**
 * Bitmaps over the seats of a committee or up to 10,000 voters, in one canonical form (BFT-11,
 * CKPT-1): exactly ⌈n/8⌉ bytes, number i is bit i mod 8 of byte ⌊i/8⌋, no bit above n.
 */
import { assert } from './assert.ts'

/** Ascending indices; undefined when the bitmap is not canonical. */
export function indicesOf(count: number, bitmap: Uint8Array): readonly number[] | undefined {
  if (bitmap.length !== Math.ceil(count / 8)) return undefined
  const indices: number[] = []
  for (const [at, byte] of bitmap.entries()) {
    if (byte === 0) continue
    for (let bit = 0; bit < 8; bit += 1) {
      if (((byte >> bit) & 1) === 0) continue
      const index = 8 * at + bit
      if (index >= count) return undefined
      indices.push(index)
    }
  }
  return indices
}

export function bitmapOf(count: number, indices: Iterable<number>): Uint8Array {
  const bitmap = new Uint8Array(Math.ceil(count / 8))
  for (const index of indices) {
    assert(Number.isInteger(index) && index >= 0 && index < count, 'an index is of the set')
    bitmap[index >> 3] = (bitmap[index >> 3] ?? 0) | (1 << (index & 7))
  }
  return bitmap
}

/** Of two bitmaps over the same set. */
export function bitmapsOverlap(left: Uint8Array, right: Uint8Array): boolean {
  return left.some((byte, at) => (byte & (right[at] ?? 0)) !== 0)
}

/** Of two bitmaps over the same set. */
export function bitmapUnion(left: Uint8Array, right: Uint8Array): Uint8Array {
  return left.map((byte, at) => byte | (right[at] ?? 0))
}
