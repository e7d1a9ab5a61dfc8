/** Scalars of edwards25519: 256-bit little-endian integers modulo the order of the base point. */

/** L, the order of the base point (RFC 8032, section 5.1). */
export const groupOrder = (1n << 252n) + 27_742_317_777_372_353_535_851_937_790_883_648_493n

/** Words of 32 bits in one scalar. */
export const scalarWords = 8

/** `count` words of 64 bits, little-endian, at `offset`. */
export function readInteger(view: DataView, offset: number, count: number): bigint {
  let value = 0n
  for (let index = count - 1; index >= 0; index -= 1) {
    value = (value << 64n) | view.getBigUint64(offset + 8 * index, true)
  }
  return value
}

/** A scalar below 2^256 as eight words, little-endian, at `offset`. */
export function writeScalar(words: Uint32Array, offset: number, scalar: bigint): void {
  let rest = scalar
  for (let index = 0; index < scalarWords; index += 2) {
    const low = BigInt.asUintN(64, rest)
    words[offset + index] = Number(low & 0xffff_ffffn)
    words[offset + index + 1] = Number(low >> 32n)
    rest >>= 64n
  }
}
