/**
 * The group of the sharing in @noble/curves: the reference, and what runs where no worker does.
 * Products with secrets use the library's multiplication with a fixed pattern; its arithmetic is
 * BigInt, whose time depends on the numbers all the same.
 */
import { mulAddUnsafe } from '@noble/curves/abstract/curve.js'
import { ristretto255 } from '@noble/curves/ed25519.js'
import { assert } from '../../base/assert.ts'
import { concat } from '../../base/bytes.ts'
import { pointBytes, type Group, type Point } from './group.ts'
import { shareGeneratorBytes } from './shareGenerator.ts'

type Element = InstanceType<typeof ristretto255.Point>

/** Tables of the library: a key is used some hundred times in an epoch, h more often. */
const [windowBits, generatorWindowBits] = [4, 6]

export const nobleGroup: Group = {
  name: '@noble/curves',
  generator: pointOf(ristretto255.Point.BASE),
  shareGenerator: pointOf(
    ristretto255.Point.fromBytes(shareGeneratorBytes).precompute(generatorWindowBits),
  ),
  decode(bytes) {
    if (bytes.length !== pointBytes) return undefined
    try {
      const element = ristretto255.Point.fromBytes(bytes)
      return element.is0() ? undefined : pointOf(element)
    } catch {
      return undefined
    }
  },
  encode: (points) => concat(...points.map((point) => elementOf(point).toBytes())),
  isIdentity: (point) => elementOf(point).is0(),
  multiply: (point, scalar) => pointOf(elementOf(point).multiply(scalar)),
  sumOfProducts(points, scalars) {
    assert(points.length === scalars.length, 'each point has a scalar')
    const elements = points.map(elementOf)
    // Few products are faster one by one, with the tables of those that have some.
    if (elements.length > 2) {
      return pointOf(mulAddUnsafe(ristretto255.Point, elements, [...scalars]))
    }
    return pointOf(
      elements
        .map((element, index) => element.multiplyUnsafe(scalars[index] ?? 0n))
        .reduce((left, right) => left.add(right), ristretto255.Point.ZERO),
    )
  },
  precompute: (point) => pointOf(elementOf(point).precompute(windowBits)),
}

function pointOf(element: Element): Point {
  return element as unknown as Point
}

function elementOf(point: Point): Element {
  return point as unknown as Element
}
