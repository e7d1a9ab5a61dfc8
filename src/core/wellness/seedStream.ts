/**
 * Uniform numbers from 32 random bytes (RAND-1 gives them, core stays deterministic): the bytes of
 * BLAKE3 over the seed and a counter, rejected above the greatest multiple of the bound, so that no
 * number is likelier than another. The time it takes depends on what is drawn.
 */
import { assert } from '../base/assert.ts'
import { u32be } from '../base/bytes.ts'
import { hash } from '../crypto/hash.ts'

export const seedBytes = 32

/** One number for each use of a seed; a use of the same seed twice gives the same numbers. */
const tags = {
  noise: 1,
  share: 2,
  coefficient: 3,
  partial: 4,
  challenge: 5,
  holders: 6,
  deal: 7,
  ephemeral: 8,
  mask: 9,
  accusation: 10,
  accusationChallenge: 11,
} as const

export type StreamTag = keyof typeof tags

export function wellnessHash(tag: StreamTag, ...parts: readonly Uint8Array[]): Uint8Array {
  return hash('wellness', u32be(tags[tag]), ...parts)
}

export class SeedStream {
  readonly #tag: StreamTag
  readonly #seed: Uint8Array
  #block: Uint8Array = new Uint8Array(0)
  #at = 0
  #count = 0

  constructor(tag: StreamTag, seed: Uint8Array) {
    assert(seed.length === seedBytes, 'a stream begins with 32 random bytes')
    this.#tag = tag
    this.#seed = seed
  }

  /** 0 … bound − 1, for a bound up to 2^256. */
  below(bound: bigint): bigint {
    assert(bound > 0n && bound <= 1n << 256n, 'a bound is 1 … 2^256')
    const length = byteLengthOf(bound - 1n)
    const range = 1n << BigInt(8 * length)
    const limit = range - (range % bound)
    for (;;) {
      const value = this.#number(length)
      if (value < limit) return value % bound
    }
  }

  #number(length: number): bigint {
    let value = 0n
    for (let read = 0; read < length; read += 1) value = (value << 8n) | BigInt(this.#byte())
    return value
  }

  #byte(): number {
    if (this.#at === this.#block.length) {
      this.#block = wellnessHash(this.#tag, this.#seed, u32be(this.#count))
      this.#count += 1
      this.#at = 0
    }
    const byte = this.#block[this.#at] ?? 0
    this.#at += 1
    return byte
  }
}

function byteLengthOf(value: bigint): number {
  return Math.max(1, Math.ceil(value.toString(2).length / 8))
}
