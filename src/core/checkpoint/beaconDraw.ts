/** Uniform numbers from the beacon for one use and one checkpoint number, without bias (CKPT-1). */
import { readU64be, u32be, u64be } from '../base/bytes.ts'
import { hash } from '../crypto/hash.ts'

export interface DrawSeed {
  /** 32 bytes. */
  readonly beacon: Uint8Array
  /** The checkpoint that is voted on. */
  readonly number: number
}

const uses = { subnets: 1, aggregators: 2, postQuantum: 3 } as const
const wordMax = 1n << 128n

/** 128 uniform bits: the `counter`-th of that use. */
export function drawWord(use: keyof typeof uses, seed: DrawSeed, counter: number): bigint {
  const tag = Uint8Array.of(uses[use])
  const digest = hash('checkpointDraw', tag, seed.beacon, u64be(seed.number), u32be(counter))
  return (readU64be(digest) << 64n) | readU64be(digest.subarray(8))
}

/** A source of integers in 0 … bound − 1, for bounds below 2^128, by rejection. */
export function integerSource(use: keyof typeof uses, seed: DrawSeed): (bound: bigint) => bigint {
  let counter = 0
  return (bound) => {
    const limit = wordMax - (wordMax % bound)
    for (;;) {
      const word = drawWord(use, seed, counter)
      counter += 1
      if (word < limit) return word % bound
    }
  }
}
