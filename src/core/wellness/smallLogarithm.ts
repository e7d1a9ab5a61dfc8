/**
 * x from x·B for a small x (PRIV-2): baby steps and giant steps (Shanks 1971), a square root of the
 * range in time and memory, 4048 points each for the largest sum.
 */
import { normalizeZ } from '@noble/curves/abstract/curve.js'
import { isqrt } from '../emotion/integers.ts'
import { generator, identity, Point, times, type WellnessPoint } from './group.ts'

/** Points are brought to affine coordinates so many at a time: one inversion for all of them. */
const together = 512

/** Undefined when `point` is no multiple of the generator by 0 … `highest`. */
export function smallLogarithm(point: WellnessPoint, highest: number): number | undefined {
  const step = Number(isqrt(BigInt(highest))) + 1
  const small = new Map<bigint, number>()
  for (const [index, y] of steppedY(identity, generator, step)) small.set(y, index)
  const back = times(generator, BigInt(-step))
  // y alone names a point up to its sign of x: both are tried against the point itself.
  for (const [giant, y] of steppedY(point, back, step + 1)) {
    const baby = small.get(y)
    if (baby === undefined) continue
    for (const found of [giant * step + baby, giant * step - baby]) {
      if (found < 0 || found > highest) continue
      if (times(generator, BigInt(found)).equals(point)) return found
    }
  }
  return undefined
}

/** y of `from`, from + by, from + 2·by …, with the number of steps. */
function* steppedY(
  from: WellnessPoint,
  by: WellnessPoint,
  count: number,
): Generator<readonly [number, bigint]> {
  let at = from
  for (let begin = 0; begin < count; begin += together) {
    const points: WellnessPoint[] = []
    for (let index = begin; index < Math.min(count, begin + together); index += 1) {
      points.push(at)
      at = at.add(by)
    }
    for (const [offset, { Y }] of normalizeZ(Point, points).entries()) yield [begin + offset, Y]
  }
}
