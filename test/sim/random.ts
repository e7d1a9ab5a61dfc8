/** A seeded generator for simulations and tests: splitmix64 over bigint, never for secrets. */
export interface SeededRandom {
  /** A float in [0, 1) with 32 bits. */
  next(): number
  below(bound: number): number
  bytes(length: number): Uint8Array
}

const mask = (1n << 64n) - 1n

export function seededRandom(seed: number | bigint): SeededRandom {
  let state = BigInt(seed) & mask
  const next64 = (): bigint => {
    state = (state + 0x9e3779b97f4a7c15n) & mask
    let z = state
    z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & mask
    z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & mask
    return z ^ (z >> 31n)
  }
  const next = (): number => Number(next64() >> 32n) / 2 ** 32
  return {
    next,
    below: (bound) => Math.floor(next() * bound),
    bytes: (length) => Uint8Array.from({ length }, () => Number(next64() & 255n)),
  }
}
