import { blake3 } from '@noble/hashes/blake3.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat, hex, utf8 } from '../base/bytes.ts'
import { blake3Chunk, blake3ChunkBytes, contextKey } from './blake3Chunk.ts'

const publishedContext = 'BLAKE3 2019-12-27 16:29:52 test vectors context'
/** Input of the published vectors: bytes 0, 1, … 250, 0, 1, … */
const published = (sizeBytes: number): Uint8Array =>
  Uint8Array.from({ length: sizeBytes }, (_, index) => index % 251)

describe('HASH-1: BLAKE3 of one chunk in derive-key mode', () => {
  it.each([
    [0, '2cc39783c223154fea8dfb7c1b1660f2ac2dcbd1c1de8277b0b0dd39b7e50d7d'],
    [1, 'b3e2e340a117a499c6cf2398a19ee0d29cca2bb7404c73063382693bf66cb06c'],
    [64, 'a5c4a7053fa86b64746d4bb688d06ad1f02a18fce9afd3e818fefaa7126bf73e'],
    [65, '51fd05c3c1cfbc8ed67d139ad76f5cf8236cd2acd26627a30c104dfd9d3ff8a8'],
    [1023, '74a16c1c3d44368a86e1ca6df64be6a2f64cce8f09220787450722d85725dea5'],
    [1024, '7356cd7720d5b66b6d0697eb3177d9f8d73a4a5c5e968896eb6a689684302706'],
  ])('gives the published digest of %i bytes', (sizeBytes, expected) => {
    const digest = blake3Chunk(contextKey(utf8(publishedContext)), [published(sizeBytes)])
    expect(hex(digest)).toBe(expected)
  })

  it('is what @noble/hashes says, for each length and for every way to cut it', () => {
    for (let sizeBytes = 0; sizeBytes <= blake3ChunkBytes; sizeBytes += 1) {
      const context = utf8(`context ${String(sizeBytes)}`)
      const bytes = published(sizeBytes)
      const cut = sizeBytes >> 1
      const parts = [bytes.subarray(0, cut), bytes.subarray(cut)]
      const digest = blake3Chunk(contextKey(context), parts)
      expect(hex(digest)).toBe(hex(blake3(bytes, { context })))
    }
  })

  it('is what @noble/hashes says of random bytes under random contexts', () => {
    const contexts = fc.uint8Array({ maxLength: 200, size: 'max' })
    const parts = fc.array(fc.uint8Array({ maxLength: 200, size: 'max' }), { maxLength: 5 })
    fc.assert(
      fc.property(contexts, parts, (context, list) => {
        const expected = blake3(concat(...list), { context })
        expect(hex(blake3Chunk(contextKey(context), list))).toBe(hex(expected))
      }),
      { numRuns: 300 },
    )
  })

  it('keeps nothing of an earlier call, and gives away nothing that a later one changes', () => {
    const key = contextKey(utf8('a'))
    const first = blake3Chunk(key, [new Uint8Array(1024).fill(255)])
    const copy = hex(first)
    const short = hex(blake3Chunk(key, [Uint8Array.of(1)]))
    expect(hex(first)).toBe(copy)
    expect(short).toBe(hex(blake3(Uint8Array.of(1), { context: utf8('a') })))
    expect(hex(blake3Chunk(key, [Uint8Array.of(1)]))).toBe(short)
  })

  it('takes no more than one chunk', () => {
    const key = contextKey(utf8('a'))
    expect(() => blake3Chunk(key, [new Uint8Array(1024), new Uint8Array(1)])).toThrow()
  })
})
