/**
 * exp and the logarithm's inverse for simulated networks, from additions, multiplications and
 * divisions alone: IEEE 754 fixes their results to the last bit, which no standard does for
 * `Math.exp`. So one seed gives one run in every engine (DET-1).
 */

const ln2 = 0.6931471805599453

/** e^x for |x| ≤ 40, to about 1e-15 relative: x = k·ln 2 + r, then a Taylor series in r. */
export function exactExp(x: number): number {
  const k = Math.round(x / ln2)
  const r = x - k * ln2
  let term = 1
  let sum = 1
  for (let n = 1; n <= 18; n += 1) {
    term = (term * r) / n
    sum += term
  }
  return sum * powerOfTwo(k)
}

function powerOfTwo(k: number): number {
  let result = 1
  const factor = k < 0 ? 0.5 : 2
  for (let n = Math.abs(k); n > 0; n -= 1) result *= factor
  return result
}
