/** Seeded deviates for simulated people. */

import { seededRandom } from '../../src/adapters/sensors/seededRandom.ts'

export interface Deviates {
  /** 0 … 1. */
  uniform(from?: number, to?: number): number
  normal(mean?: number, deviation?: number): number
  /** 0 … bound − 1. */
  below(bound: number): number
}

export function deviates(seed: number): Deviates {
  const random = seededRandom(seed)
  return {
    uniform: (from = 0, to = 1) => from + (to - from) * random(),
    normal: (mean = 0, deviation = 1) => {
      const radius = Math.sqrt(-2 * Math.log(1 - random()))
      return mean + deviation * radius * Math.cos(2 * Math.PI * random())
    },
    below: (bound) => Math.floor(bound * random()),
  }
}

/** A stationary series with the given deviation that forgets itself in `seconds`. */
export function wander(
  source: Deviates,
  deviation: number,
  seconds: number,
): (stepSeconds: number) => number {
  let value = source.normal(0, deviation)
  return (stepSeconds) => {
    const keep = Math.exp(-stepSeconds / seconds)
    value = keep * value + deviation * Math.sqrt(1 - keep * keep) * source.normal()
    return value
  }
}
