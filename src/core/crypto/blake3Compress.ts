/**
 * The compression function of BLAKE3 (section 2.2 of its paper), on 32-bit words.
 *
 * All sixteen words of the state are local variables and the message is permuted in place: engines
 * then keep them in registers, which makes this function some twenty times as fast as one that
 * returns each quarter round as an object. Assignments stand inside expressions so that a quarter
 * round is four lines.
 */

/** Domain flags of section 2.2 that are used here. */
export const blake3Flags = {
  chunkStart: 1,
  chunkEnd: 2,
  root: 8,
  deriveKeyContext: 32,
  deriveKeyMaterial: 64,
} as const

/** The first eight words of the state of a hash without a key: those of SHA-256. */
export const blake3Start: readonly number[] = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]

/** What of a block, besides its words, is compressed; the chunk counter is 0: one chunk only. */
export interface BlockKind {
  /** Bytes of the block that count, 0 … 64. */
  readonly lengthBytes: number
  readonly flags: number
}

/**
 * Replaces the eight words of `chain` by the chaining value after the block; the sixteen words of
 * `block` are used up.
 */
export function blake3Compress(chain: Int32Array, block: Int32Array, kind: BlockKind): void {
  let v0 = chain[0] ?? 0
  let v1 = chain[1] ?? 0
  let v2 = chain[2] ?? 0
  let v3 = chain[3] ?? 0
  let v4 = chain[4] ?? 0
  let v5 = chain[5] ?? 0
  let v6 = chain[6] ?? 0
  let v7 = chain[7] ?? 0
  let v8 = 0x6a09e667 | 0
  let v9 = 0xbb67ae85 | 0
  let va = 0x3c6ef372 | 0
  let vb = 0xa54ff53a | 0
  let vc = 0
  let vd = 0
  let ve = kind.lengthBytes | 0
  let vf = kind.flags | 0
  for (let round = 0; round < 7; round += 1) {
    vc = rotate(vc ^ (v0 = (v0 + v4 + (block[0] ?? 0)) | 0), 16)
    v4 = rotate(v4 ^ (v8 = (v8 + vc) | 0), 12)
    vc = rotate(vc ^ (v0 = (v0 + v4 + (block[1] ?? 0)) | 0), 8)
    v4 = rotate(v4 ^ (v8 = (v8 + vc) | 0), 7)
    vd = rotate(vd ^ (v1 = (v1 + v5 + (block[2] ?? 0)) | 0), 16)
    v5 = rotate(v5 ^ (v9 = (v9 + vd) | 0), 12)
    vd = rotate(vd ^ (v1 = (v1 + v5 + (block[3] ?? 0)) | 0), 8)
    v5 = rotate(v5 ^ (v9 = (v9 + vd) | 0), 7)
    ve = rotate(ve ^ (v2 = (v2 + v6 + (block[4] ?? 0)) | 0), 16)
    v6 = rotate(v6 ^ (va = (va + ve) | 0), 12)
    ve = rotate(ve ^ (v2 = (v2 + v6 + (block[5] ?? 0)) | 0), 8)
    v6 = rotate(v6 ^ (va = (va + ve) | 0), 7)
    vf = rotate(vf ^ (v3 = (v3 + v7 + (block[6] ?? 0)) | 0), 16)
    v7 = rotate(v7 ^ (vb = (vb + vf) | 0), 12)
    vf = rotate(vf ^ (v3 = (v3 + v7 + (block[7] ?? 0)) | 0), 8)
    v7 = rotate(v7 ^ (vb = (vb + vf) | 0), 7)
    vf = rotate(vf ^ (v0 = (v0 + v5 + (block[8] ?? 0)) | 0), 16)
    v5 = rotate(v5 ^ (va = (va + vf) | 0), 12)
    vf = rotate(vf ^ (v0 = (v0 + v5 + (block[9] ?? 0)) | 0), 8)
    v5 = rotate(v5 ^ (va = (va + vf) | 0), 7)
    vc = rotate(vc ^ (v1 = (v1 + v6 + (block[10] ?? 0)) | 0), 16)
    v6 = rotate(v6 ^ (vb = (vb + vc) | 0), 12)
    vc = rotate(vc ^ (v1 = (v1 + v6 + (block[11] ?? 0)) | 0), 8)
    v6 = rotate(v6 ^ (vb = (vb + vc) | 0), 7)
    vd = rotate(vd ^ (v2 = (v2 + v7 + (block[12] ?? 0)) | 0), 16)
    v7 = rotate(v7 ^ (v8 = (v8 + vd) | 0), 12)
    vd = rotate(vd ^ (v2 = (v2 + v7 + (block[13] ?? 0)) | 0), 8)
    v7 = rotate(v7 ^ (v8 = (v8 + vd) | 0), 7)
    ve = rotate(ve ^ (v3 = (v3 + v4 + (block[14] ?? 0)) | 0), 16)
    v4 = rotate(v4 ^ (v9 = (v9 + ve) | 0), 12)
    ve = rotate(ve ^ (v3 = (v3 + v4 + (block[15] ?? 0)) | 0), 8)
    v4 = rotate(v4 ^ (v9 = (v9 + ve) | 0), 7)
    permute(block)
  }
  chain[0] = v0 ^ v8
  chain[1] = v1 ^ v9
  chain[2] = v2 ^ va
  chain[3] = v3 ^ vb
  chain[4] = v4 ^ vc
  chain[5] = v5 ^ vd
  chain[6] = v6 ^ ve
  chain[7] = v7 ^ vf
}

/** To the right. */
function rotate(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits))
}

/** The message permutation of table 2, which is two cycles of eight words. */
function permute(block: Int32Array): void {
  const first = block[0] ?? 0
  block[0] = block[2] ?? 0
  block[2] = block[3] ?? 0
  block[3] = block[10] ?? 0
  block[10] = block[12] ?? 0
  block[12] = block[9] ?? 0
  block[9] = block[11] ?? 0
  block[11] = block[5] ?? 0
  block[5] = first
  const second = block[1] ?? 0
  block[1] = block[6] ?? 0
  block[6] = block[4] ?? 0
  block[4] = block[7] ?? 0
  block[7] = block[13] ?? 0
  block[13] = block[14] ?? 0
  block[14] = block[15] ?? 0
  block[15] = block[8] ?? 0
  block[8] = second
}
