import { ristretto255 } from '@noble/curves/ed25519.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hex } from '../../base/bytes.ts'
import {
  decodePoint,
  decodeScalar,
  encodeScalar,
  generator,
  groupOrder,
  scalarFromWide,
  sumOfProducts,
  type Point,
} from './group.ts'
import { shareGenerator } from './transcript.ts'

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'))
const scalars = fc.bigInt({ min: 1n, max: groupOrder - 1n })

/** Bits from the top, additions alone. */
function naive(point: Point, scalar: bigint): Point {
  let sum = ristretto255.Point.ZERO
  for (const bit of scalar.toString(2)) {
    sum = sum.add(sum)
    if (bit === '1') sum = sum.add(point)
  }
  return sum
}

describe('BEACON-2: the group of the sharing', () => {
  // RFC 9496, appendix A.1.
  it.each([
    [1n, 'e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76'],
    [2n, '6a493210f7499cd17fecb510ae0cea23a110e8d5b901f8acadd3095c73a3b919'],
    [3n, '94741f5d5d52755ece4f23f044ee27d5d1ea1e2bd196b462166b16152a9d0259'],
  ])('%i g is the element of RFC 9496', (scalar, text) => {
    expect(hex(generator.multiply(scalar).toBytes())).toBe(text)
    expect(decodePoint(bytes(text))?.equals(naive(generator, scalar))).toBe(true)
  })

  // RFC 9496, appendix A.2: not canonical, negative, not on the curve; and the identity.
  it.each([
    '00ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
    'ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'f3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    '0100000000000000000000000000000000000000000000000000000000000000',
    '01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'ed57ffd8c914fb201471d1c3d245ce3c746fcbe63a3679d51b6a516ebebe0e20',
    'c34c4e1826e5d403b78e246e88aa051c36ccf0aafebffe137d148a2bf9104562',
    '26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371',
    '4eac077a713c57b4f4397629a4145982c661f48044dd3f96427d40b147d9742f',
    '3eb858e78f5a7254d8c9731174a94f76755fd3941c0ac93735c07ba14579630e',
    '0000000000000000000000000000000000000000000000000000000000000000',
    '',
    'e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d',
    'e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d7600',
  ])('refuses %s', (text) => {
    expect(decodePoint(bytes(text))).toBeUndefined()
  })

  it('takes each element in one encoding, random bytes never throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 30, maxLength: 34 }), (candidate) => {
        const point = decodePoint(candidate)
        if (point !== undefined) expect(hex(point.toBytes())).toBe(hex(candidate))
      }),
      { numRuns: 300 },
    )
  })

  it('scalars: 1 to the order less one, one encoding', () => {
    fc.assert(
      fc.property(scalars, (scalar) => {
        expect(decodeScalar(encodeScalar(scalar))).toBe(scalar)
      }),
    )
    const text = (value: bigint): string => value.toString(16).padStart(64, '0')
    for (const value of [0n, groupOrder, groupOrder + 1n, 2n ** 256n - 1n]) {
      expect(decodeScalar(bytes(text(value)).toReversed())).toBeUndefined()
    }
    expect(decodeScalar(new Uint8Array(31).fill(1))).toBeUndefined()
    expect(scalarFromWide(bytes(`${text(groupOrder)}${'0'.repeat(64)}`).reverse())).toBe(
      (groupOrder << 256n) % groupOrder,
    )
  })

  it('sums of products agree with additions one by one', () => {
    fc.assert(
      fc.property(fc.array(scalars, { minLength: 1, maxLength: 4 }), (list) => {
        const points = list.map((_, index) => generator.multiply(BigInt(index + 5)))
        const expected = points
          .map((point, index) => naive(point, list[index]!))
          .reduce((left, right) => left.add(right))
        expect(sumOfProducts(points, list).equals(expected)).toBe(true)
      }),
      { numRuns: 10 },
    )
  })

  it('h is frozen, and neither the identity nor g', () => {
    expect(decodePoint(shareGenerator.toBytes())).toBeDefined()
    expect(shareGenerator.equals(generator)).toBe(false)
    expect(hex(shareGenerator.toBytes())).toMatchInlineSnapshot(
      `"b899c1693b3a27b869cc29c194329a2bc4b3d9e910cc623295e7e68ecd294a18"`,
    )
  })
})
