/**
 * Polynomials over the scalars at the places of the shares (BEACON-2): Shamir's sharing, and the
 * code of its values with the dual of it (SCRAPE, section 2.1).
 */
import { addScalars, groupOrder, invertScalars, multiplyScalars } from './scalars.ts'

/** Coefficients from the constant one up, at a place of 0 or more (Horner). */
export function valueAt(coefficients: readonly bigint[], place: number): bigint {
  const at = BigInt(place)
  return coefficients.reduceRight(
    (sum, coefficient) => addScalars(multiplyScalars(sum, at), coefficient),
    0n,
  )
}

/** What the values at these places are multiplied with to give the value at 0: Lagrange. */
export function weightsAtZero(places: readonly number[]): readonly bigint[] {
  const inverses = invertScalars(
    places.map((place) => product(othersOf(places, place).map((other) => other - place))),
  )
  return places.map((place, index) =>
    multiplyScalars(product(othersOf(places, place)), inverses[index] ?? 0n),
  )
}

/**
 * A word of the dual code at the places 0 … count − 1: the values of `test` over the products of
 * differences. Its inner product with the values of any polynomial is zero when the degrees of the
 * two add up to less than count − 1.
 */
export function dualWord(count: number, test: readonly bigint[]): readonly bigint[] {
  return dualWeights(count).map((weight, place) => multiplyScalars(valueAt(test, place), weight))
}

/** Of each place: they are the same for every word, and a committee has at most 63 shares. */
const knownDualWeights = new Map<number, readonly bigint[]>()

function dualWeights(count: number): readonly bigint[] {
  const known = knownDualWeights.get(count)
  if (known !== undefined) return known
  const places = Array.from({ length: count }, (_, place) => place)
  const weights = invertScalars(
    places.map((place) => product(othersOf(places, place).map((other) => place - other))),
  )
  knownDualWeights.set(count, weights)
  return weights
}

function othersOf(places: readonly number[], place: number): readonly number[] {
  return places.filter((other) => other !== place)
}

/** Of at most 63 small numbers, so that it is reduced once; scalars take it below zero too. */
function product(factors: readonly number[]): bigint {
  return factors.reduce((left, right) => left * BigInt(right), 1n) % groupOrder
}
