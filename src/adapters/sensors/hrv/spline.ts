/**
 * Cubic spline through knots with the "not-a-knot" end condition: the third derivative is
 * continuous at the second and at the last but one knot (de Boor, "A Practical Guide to Splines",
 * 1978). Needs four knots in strictly increasing order; fewer give undefined.
 */

export type Curve = (x: number) => number

export function cubicSpline(xs: readonly number[], ys: readonly number[]): Curve | undefined {
  const count = xs.length
  if (count < 4 || ys.length !== count) return undefined
  const steps = xs.slice(1).map((x, index) => x - (xs[index] ?? NaN))
  if (!steps.every((step) => step > 0)) return undefined
  const bends = secondDerivatives(steps, ys)
  let segment = 0
  return (x) => {
    while (segment > 0 && x < (xs[segment] ?? 0)) segment -= 1
    while (segment < count - 2 && x > (xs[segment + 1] ?? 0)) segment += 1
    const step = steps[segment] ?? 1
    const right = (x - (xs[segment] ?? 0)) / step
    const left = 1 - right
    const [bendLeft = 0, bendRight = 0] = [bends[segment], bends[segment + 1]]
    const bend = (left ** 3 - left) * bendLeft + (right ** 3 - right) * bendRight
    return left * (ys[segment] ?? 0) + right * (ys[segment + 1] ?? 0) + (bend * step * step) / 6
  }
}

/** The tridiagonal system of the inner knots, the ends eliminated by their condition. */
function secondDerivatives(steps: readonly number[], ys: readonly number[]): Float64Array {
  const last = ys.length - 1
  const at = (index: number): number => steps[index] ?? 1
  const lower = new Float64Array(last + 1)
  const diagonal = new Float64Array(last + 1)
  const upper = new Float64Array(last + 1)
  const right = new Float64Array(last + 1)
  for (let knot = 1; knot < last; knot += 1) {
    lower[knot] = at(knot - 1)
    diagonal[knot] = 2 * (at(knot - 1) + at(knot))
    upper[knot] = at(knot)
    const rise = ((ys[knot + 1] ?? 0) - (ys[knot] ?? 0)) / at(knot)
    const riseBefore = ((ys[knot] ?? 0) - (ys[knot - 1] ?? 0)) / at(knot - 1)
    right[knot] = 6 * (rise - riseBefore)
  }
  // M0 = M1 + (h0 / h1)(M1 − M2), and its mirror at the other end.
  const first = at(0) / at(1)
  diagonal[1] = (diagonal[1] ?? 0) + at(0) * (1 + first)
  upper[1] = (upper[1] ?? 0) - at(0) * first
  const end = at(last - 1) / at(last - 2)
  diagonal[last - 1] = (diagonal[last - 1] ?? 0) + at(last - 1) * (1 + end)
  lower[last - 1] = (lower[last - 1] ?? 0) - at(last - 1) * end

  for (let knot = 2; knot < last; knot += 1) {
    const factor = (lower[knot] ?? 0) / (diagonal[knot - 1] ?? 1)
    diagonal[knot] = (diagonal[knot] ?? 0) - factor * (upper[knot - 1] ?? 0)
    right[knot] = (right[knot] ?? 0) - factor * (right[knot - 1] ?? 0)
  }
  const bends = new Float64Array(last + 1)
  for (let knot = last - 1; knot >= 1; knot -= 1) {
    const known = knot === last - 1 ? 0 : (upper[knot] ?? 0) * (bends[knot + 1] ?? 0)
    bends[knot] = ((right[knot] ?? 0) - known) / (diagonal[knot] ?? 1)
  }
  const [m1 = 0, m2 = 0] = [bends[1], bends[2]]
  bends[0] = m1 + first * (m1 - m2)
  const [n1 = 0, n2 = 0] = [bends[last - 1], bends[last - 2]]
  bends[last] = n1 + end * (n1 - n2)
  return bends
}
