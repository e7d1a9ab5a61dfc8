import { ristretto255 } from '@noble/curves/ed25519.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hex } from '../../base/bytes.ts'
import { nobleGroup as group } from './groupNoble.ts'
import { decodeScalar, encodeScalar, groupOrder, invertScalars, scalarFromWide } from './scalars.ts'
import { badEncodings, smallMultiples } from './testGroup.fixture.ts'
import { multipleOf } from './testSharing.fixture.ts'

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'))
const scalars = fc.bigInt({ min: 1n, max: groupOrder - 1n })

/** Bits from the top, additions alone; the encoding of `scalar` times the encoded element. */
function naive(encoded: Uint8Array, scalar: bigint): InstanceType<typeof ristretto255.Point> {
  const point = ristretto255.Point.fromBytes(encoded)
  let sum = ristretto255.Point.ZERO
  for (const bit of scalar.toString(2)) {
    sum = sum.add(sum)
    if (bit === '1') sum = sum.add(point)
  }
  return sum
}

describe('BEACON-2: the group of the sharing', () => {
  it.each(smallMultiples)('%i g is the element of RFC 9496', (scalar, text) => {
    const base = group.encode([group.generator])
    expect(hex(naive(base, BigInt(scalar)).toBytes())).toBe(text)
    expect(hex(group.encode([multipleOf(BigInt(scalar))]))).toBe(text)
    const decoded = group.decode(bytes(text))
    if (scalar > 0) expect(hex(group.encode([decoded!]))).toBe(text)
    else expect(decoded).toBeUndefined()
  })

  it.each(badEncodings)('refuses %s', (text) => {
    expect(group.decode(bytes(text))).toBeUndefined()
  })

  it('takes each element in one encoding, random bytes never throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 30, maxLength: 34 }), (candidate) => {
        const point = group.decode(candidate)
        if (point !== undefined) expect(hex(group.encode([point]))).toBe(hex(candidate))
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

  it('scalars are inverted together as alone', () => {
    fc.assert(
      fc.property(fc.array(scalars, { maxLength: 5 }), (list) => {
        const inverses = invertScalars(list)
        expect(list.map((scalar, index) => (scalar * inverses[index]!) % groupOrder)).toEqual(
          list.map(() => 1n),
        )
      }),
    )
  })

  it('sums of products agree with additions one by one', () => {
    fc.assert(
      fc.property(fc.array(scalars, { minLength: 1, maxLength: 4 }), (list) => {
        const points = list.map((_, index) => multipleOf(BigInt(index + 5)))
        const expected = points
          .map((point, index) => naive(group.encode([point]), list[index]!))
          .reduce((left, right) => left.add(right))
        const sum = group.sumOfProducts(points, list)
        expect(hex(group.encode([sum]))).toBe(hex(expected.toBytes()))
      }),
      { numRuns: 10 },
    )
  })

  it('h is frozen, and neither the identity nor g', () => {
    const encoded = group.encode([group.shareGenerator])
    expect(group.decode(encoded)).toBeDefined()
    expect(hex(encoded)).not.toBe(hex(group.encode([group.generator])))
    expect(hex(encoded)).toMatchInlineSnapshot(
      `"b899c1693b3a27b869cc29c194329a2bc4b3d9e910cc623295e7e68ecd294a18"`,
    )
  })
})
