/**
 * A seeded generator for simulations and tests, never for secrets: xoshiro128** (Blackman & Vigna,
 * ACM TOMS 47, 2021) seeded by splitmix32. Only integer operations, so equal in every engine.
 */
import { exactExp } from './exactMath.ts'

export interface SeededRandom {
  /** Uniform in [0, 1), 32 bits. */
  next(): number
  /** Uniform integer in [0, bound). */
  below(bound: number): number
  bytes(length: number): Uint8Array
  /** Standard normal, as the sum of twelve uniforms less six: bounded by ±6. */
  normal(): number
  /** e^(ln median + sigma · normal). */
  logNormal(median: number, sigma: number): number
  pick<T>(list: readonly T[]): T
  /** `count` different integers below `bound`, in the order of their drawing. */
  sample(count: number, bound: number): number[]
  /** An independent generator: what it draws does not move this one. */
  fork(label: number): SeededRandom
}

export function seededRandom(seed: number): SeededRandom {
  const state = seedState(seed)
  const next32 = (): number => step(state)
  const next = (): number => next32() / 4294967296
  const below = (bound: number): number => Math.floor(next() * bound)
  const normal = (): number => {
    let sum = -6
    for (let n = 0; n < 12; n += 1) sum += next()
    return sum
  }
  const sample = (count: number, bound: number): number[] => {
    const all = Array.from({ length: bound }, (_none, index) => index)
    for (let index = 0; index < count; index += 1) {
      const other = index + below(bound - index)
      const kept = all[index] ?? 0
      all[index] = all[other] ?? 0
      all[other] = kept
    }
    return all.slice(0, count)
  }
  return {
    next,
    below,
    bytes: (length) => Uint8Array.from({ length }, () => next32() & 255),
    normal,
    logNormal: (median, sigma) => median * exactExp(sigma * normal()),
    pick: (list) => {
      const one = list[below(list.length)]
      if (one === undefined) throw new Error('nothing to pick from')
      return one
    },
    sample,
    fork: (label) => seededRandom((seed ^ Math.imul(label + 1, 0x9e3779b9)) >>> 0),
  }
}

function seedState(seed: number): Uint32Array {
  let x = seed >>> 0
  return Uint32Array.from({ length: 4 }, () => {
    x = (x + 0x9e3779b9) >>> 0
    let z = x
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b)
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35)
    return (z ^ (z >>> 16)) >>> 0
  })
}

function step(state: Uint32Array): number {
  const [a = 0, b = 0, c = 0, d = 0] = state
  const result = Math.imul(rotate(Math.imul(b, 5) >>> 0, 7), 9) >>> 0
  const shifted = (b << 9) >>> 0
  const c2 = c ^ a
  const d2 = d ^ b
  state[1] = b ^ c2
  state[0] = a ^ d2
  state[2] = c2 ^ shifted
  state[3] = rotate(d2 >>> 0, 11)
  return result
}

function rotate(value: number, bits: number): number {
  return ((value << bits) | (value >>> (32 - bits))) >>> 0
}
