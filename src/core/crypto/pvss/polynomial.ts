/**
 * Polynomials over the scalars at the places of the shares (BEACON-2): Shamir's sharing, and the
 * code of its values with the dual of it (SCRAPE, section 2.1).
 */
import { addScalars, groupOrder, invertScalar, multiplyScalars, subtractScalars } from './group.ts'

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
  return places.map((place) => {
    const others = places.filter((other) => other !== place)
    const numerator = product(others.map((other) => BigInt(other)))
    const denominator = product(others.map((other) => difference(other, place)))
    return multiplyScalars(numerator, invertScalar(denominator))
  })
}

/**
 * A word of the dual code at the places 0 … count − 1: the values of `test` over the products of
 * differences. Its inner product with the values of any polynomial is zero when the degrees of the
 * two add up to less than count − 1.
 */
export function dualWord(count: number, test: readonly bigint[]): readonly bigint[] {
  const places = Array.from({ length: count }, (_, place) => place)
  return places.map((place) => {
    const others = places.filter((other) => other !== place)
    const denominator = product(others.map((other) => difference(place, other)))
    return multiplyScalars(valueAt(test, place), invertScalar(denominator))
  })
}

function difference(left: number, right: number): bigint {
  return subtractScalars(BigInt(left) % groupOrder, BigInt(right) % groupOrder)
}

function product(factors: readonly bigint[]): bigint {
  return factors.reduce((left, right) => multiplyScalars(left, right), 1n)
}
