/**
 * BLAKE3 of what fits into one chunk (1,024 bytes), in derive-key mode (HASH-1).
 *
 * Nearly everything that a node hashes is that short: leaves, nodes, keys, transactions. The tree
 * over chunks, the output beyond 32 bytes and the plain mode are left to @noble/hashes, which is
 * the reference that `blake3Chunk.test.ts` compares with.
 */
import { assert } from '../base/assert.ts'
import { blake3Compress, blake3Flags, blake3Start } from './blake3Compress.ts'

export const blake3ChunkBytes = 1024
const blockBytes = 64
const digestBytes = 32

/** The eight words that a context stands for: prepared once, used for each hash under it. */
export type ContextKey = Int32Array

// Scratch space: one call ends before another begins, and nothing of it is ever handed out.
const chunk = new Uint8Array(blake3ChunkBytes)
const chunkView = new DataView(chunk.buffer)
const block = new Int32Array(16)
const chain = new Int32Array(8)
const kind = { lengthBytes: 0, flags: 0 }
const digest = new Uint8Array(digestBytes)
const digestView = new DataView(digest.buffer)

/** First half of derive-key mode. A context is shorter than a chunk. */
export function contextKey(context: Uint8Array): ContextKey {
  compressChunk(Int32Array.from(blake3Start), blake3Flags.deriveKeyContext, [context])
  return chain.slice()
}

/** Second half: 32 bytes, new on each call. The parts together fit into one chunk. */
export function blake3Chunk(key: ContextKey, parts: readonly Uint8Array[]): Uint8Array {
  compressChunk(key, blake3Flags.deriveKeyMaterial, parts)
  for (let word = 0; word < 8; word += 1) digestView.setInt32(4 * word, chain[word] ?? 0, true)
  return new Uint8Array(digest)
}

/** Leaves the root's chaining value in `chain`. */
function compressChunk(start: ContextKey, mode: number, parts: readonly Uint8Array[]): void {
  const sizeBytes = fillChunk(parts)
  for (let word = 0; word < 8; word += 1) chain[word] = start[word] ?? 0
  let flags = mode | blake3Flags.chunkStart
  let offset = 0
  // An empty input is one empty block.
  do {
    const isLast = offset + blockBytes >= sizeBytes
    readBlock(offset)
    kind.lengthBytes = isLast ? sizeBytes - offset : blockBytes
    kind.flags = isLast ? flags | blake3Flags.chunkEnd | blake3Flags.root : flags
    blake3Compress(chain, block, kind)
    flags = mode
    offset += blockBytes
  } while (offset < sizeBytes)
}

/** Copies the parts, and zeros up to the end of the last block; returns the size of the parts. */
function fillChunk(parts: readonly Uint8Array[]): number {
  let sizeBytes = 0
  for (const part of parts) {
    assert(sizeBytes + part.length <= blake3ChunkBytes, 'the parts fit into one chunk')
    chunk.set(part, sizeBytes)
    sizeBytes += part.length
  }
  const restBytes = sizeBytes % blockBytes
  if (restBytes > 0 || sizeBytes === 0) {
    chunk.fill(0, sizeBytes, sizeBytes - restBytes + blockBytes)
  }
  return sizeBytes
}

/** Little-endian on every machine. */
function readBlock(offset: number): void {
  for (let word = 0; word < 16; word += 1) {
    block[word] = chunkView.getInt32(offset + 4 * word, true)
  }
}
