/** Exponential back-off with jitter, from the injected generator (NET-5, RAND-1). */
import type { Random } from '../../ports/random.ts'

export interface BackoffPolicy {
  readonly firstMs: number
  readonly maxMs: number
}

export class Backoff {
  readonly #policy: BackoffPolicy
  readonly #random: Random
  #failures = 0

  constructor(policy: BackoffPolicy, random: Random) {
    this.#policy = policy
    this.#random = random
  }

  get failures(): number {
    return this.#failures
  }

  /** Counts a failure; the wait doubles up to the limit, and half of it is chance. */
  nextMs(): number {
    const doublings = Math.min(this.#failures, 30)
    this.#failures += 1
    const fullMs = Math.min(this.#policy.firstMs * 2 ** doublings, this.#policy.maxMs)
    const halfMs = Math.ceil(fullMs / 2)
    return halfMs + randomBelow(this.#random, halfMs + 1)
  }

  reset(): void {
    this.#failures = 0
  }
}

/** Uniform enough for scheduling and choosing peers: 32 bits against small bounds. */
export function randomBelow(random: Random, bound: number): number {
  const bytes = random.bytes(4)
  const word = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0)
  return word % Math.max(1, bound)
}
