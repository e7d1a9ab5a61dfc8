/** Points of the twist outside of the subgroup of order r. */

import { bn254 } from '@noble/curves/bn254.js'
import type { Fp2 } from '../../../src/core/emotion/proofCodec.ts'

type TwistPoint = typeof bn254.G2.Point.BASE

const { Fp2: field } = bn254.fields
const constant = field.div(field.fromBigTuple([3n, 0n]), field.fromBigTuple([9n, 1n]))
const order = bn254.G1.Point.Fn.ORDER

/** (2q − r)/10069, 10069 the smallest factor of the twist's cofactor. */
const largeCofactor = (2n * bn254.G1.Point.Fp.ORDER - order) / 10_069n

/** With the first x = c0, c0 + 1, … that the twist has a point for. */
export function pointOutside(c0: bigint): TwistPoint {
  for (let next = c0; ; next += 1n) {
    const x = field.fromBigTuple([next, 0n])
    try {
      const y = field.sqrt(field.add(field.mul(field.sqr(x), x), constant))
      return bn254.G2.Point.fromAffine({ x, y })
    } catch (error) {
      // Half of all x have no point.
      if (!/square root/.test(String(error))) throw error
    }
  }
}

/** Its order divides 10069: additions of its multiples meet each other and infinity. */
export function pointOfSmallOrder(c0: bigint): TwistPoint {
  return times(times(pointOutside(c0), order), largeCofactor)
}

/** Any multiple: @noble/curves refuses factors above the order. */
export function times(point: TwistPoint, factor: bigint): TwistPoint {
  let result = bn254.G2.Point.ZERO
  for (const bit of factor.toString(2)) {
    result = result.double()
    if (bit === '1') result = result.add(point)
  }
  return result
}

export function coordinatesOf(point: TwistPoint): readonly [x: Fp2, y: Fp2] {
  const { x, y } = point.toAffine()
  return [
    [x.c0, x.c1],
    [y.c0, y.c1],
  ]
}
