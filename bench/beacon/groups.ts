/** The two groups that the sharing could use, in the same library (decision 0012). */

import { bls12_381 } from '@noble/curves/bls12-381.js'
import { ristretto255 } from '@noble/curves/ed25519.js'

export interface Operation {
  readonly name: string
  /** How often in one measurement. */
  readonly times: number
  readonly perform: () => void
}

export function groupOperations(): readonly Operation[] {
  const { BASE, Fn } = ristretto255.Point
  const G1 = bls12_381.G1.Point
  const scalar = Fn.ORDER / 3n
  const element = BASE.multiply(7n)
  const point = G1.BASE.multiply(7n)
  const [elementBytes, pointBytes] = [element.toBytes(), point.toBytes(true)]
  const sum = BASE.add(element)
  const pointSum = G1.BASE.add(point)
  const pairing = [{ g1: point, g2: bls12_381.G2.Point.BASE }]
  return [
    ['ristretto255: multiply', 50, () => element.multiplyUnsafe(scalar)],
    ['ristretto255: decode', 100, () => ristretto255.Point.fromBytes(elementBytes)],
    ['ristretto255: encode', 100, () => sum.toBytes()],
    ['BLS12-381 G1: multiply', 50, () => point.multiplyUnsafe(scalar)],
    ['BLS12-381 G1: decode', 50, () => G1.fromBytes(pointBytes)],
    ['BLS12-381 G1: encode', 50, () => pointSum.toBytes(true)],
    ['BLS12-381: pairing', 3, () => bls12_381.pairingBatch(pairing)],
  ].map(([name, times, perform]) => ({ name, times, perform }) as Operation)
}
