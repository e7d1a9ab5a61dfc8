/** Uniform integers from random words (COM-4), by rejection: a remainder alone would be biased. */

/** An integer in 0 … bound − 1; `nextWord` gives uniform 64-bit words. */
export function uniformBelow(bound: number, nextWord: () => bigint): number {
  const size = BigInt(bound)
  const limit = (1n << 64n) - ((1n << 64n) % size)
  let word = nextWord()
  while (word >= limit) word = nextWord()
  return Number(word % size)
}
