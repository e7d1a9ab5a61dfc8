/** Another proof of the same statement, as anybody can make it from a proof. */

import { bn254 } from '@noble/curves/bn254.js'
import type { EmotionalProof } from '../../../src/core/emotion/proofCodec.ts'
import { coordinatesOf } from './twistPoints.fixture.ts'

const { G1, G2, fields } = bn254

/** δ of a key, as snarkjs writes it. */
export type Delta = readonly (readonly [string, string])[]

/** A/s, s·B + s·t·δ, C + t·A for any s but 0, and any t. */
export function rerandomised(
  { a, b, c }: EmotionalProof,
  delta: Delta,
  random: () => bigint,
): EmotionalProof {
  const [s, t] = [random(), random()]
  const twist = ([x, y]: readonly (readonly [bigint, bigint])[]): typeof G2.Point.BASE =>
    G2.Point.fromAffine({
      x: fields.Fp2.fromBigTuple([x?.[0] ?? 0n, x?.[1] ?? 0n]),
      y: fields.Fp2.fromBigTuple([y?.[0] ?? 0n, y?.[1] ?? 0n]),
    })
  const pointA = G1.Point.fromAffine({ x: a[0], y: a[1] })
  const pointDelta = twist(delta.map(([c0, c1]) => [BigInt(c0), BigInt(c1)]))
  const newA = pointA.multiplyUnsafe(fields.Fr.inv(s)).toAffine()
  const newB = twist(b).add(pointDelta.multiplyUnsafe(t)).multiplyUnsafe(s)
  const newC = G1.Point.fromAffine({ x: c[0], y: c[1] }).add(pointA.multiplyUnsafe(t)).toAffine()
  return { a: [newA.x, newA.y], b: coordinatesOf(newB), c: [newC.x, newC.y] }
}
