/**
 * Sequential draws by weight without replacement, in closed form: the n least of independent
 * exponential variables whose rates are the weights (Efraimidis and Spirakis, IPL 2006), which is
 * what κ of COM-1 is.
 */
import { exactExp } from '../base/exactMath.ts'

export interface WeightClass {
  /** Identities of this weight. */
  readonly count: number
  readonly weight: number
}

const steps = 8000

/**
 * Seats that the first class gets on average: count · ∫ w·e^(−wt) · P(fewer than n of the others
 * are below t) dt, by the midpoint rule. Good to about 10^-6 seats.
 */
export function meanSeats(one: WeightClass, others: WeightClass, drawn: number): number {
  const total = one.count * one.weight + others.count * others.weight
  // Beyond it the n least are all but surely below.
  const end = (8 * drawn) / total
  const step = end / steps
  let sum = 0
  for (let index = 0; index < steps; index += 1) {
    const time = (index + 0.5) * step
    const below = (weight: number): number => 1 - exactExp(-weight * time)
    const own = atMost(drawn, one.count - 1, below(one.weight))
    const rest = atMost(drawn, others.count, below(others.weight))
    sum += one.weight * exactExp(-one.weight * time) * fewerThan(drawn, own, rest) * step
  }
  return one.count * sum
}

/** Binomial probabilities of 0 … n−1 of `count`. */
function atMost(drawn: number, count: number, chance: number): readonly number[] {
  const result: number[] = []
  let value = power(1 - chance, count)
  for (let k = 0; k < drawn; k += 1) {
    result.push(value)
    value *= (((count - k) / (k + 1)) * chance) / (1 - chance)
  }
  return result
}

function power(base: number, exponent: number): number {
  let result = 1
  let square = base
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= square
    square *= square
  }
  return result
}

function fewerThan(drawn: number, own: readonly number[], rest: readonly number[]): number {
  let sum = 0
  for (let i = 0; i < drawn; i += 1) {
    for (let j = 0; i + j < drawn; j += 1) sum += (own[i] ?? 0) * (rest[j] ?? 0)
  }
  return sum
}
