import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hex } from '../../../src/core/base/bytes.ts'
import type { Group, Point } from '../../../src/core/crypto/pvss/group.ts'
import { nobleGroup } from '../../../src/core/crypto/pvss/groupNoble.ts'
import { groupOrder } from '../../../src/core/crypto/pvss/scalars.ts'
import { badEncodings, smallMultiples } from '../../../src/core/crypto/pvss/testGroup.fixture.ts'
import { prime } from '../../lib/edwards25519/limbs.ts'
import { createWasmGroup } from './wasmGroup.ts'

const group = createWasmGroup()
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'))
const littleEndian = (value: bigint): Uint8Array =>
  bytes(value.toString(16).padStart(64, '0')).reverse()
const any = fc.bigInt({ min: 0n, max: groupOrder - 1n })
const scalars = fc.oneof(
  fc.constantFrom(0n, 1n, 2n, 8n, groupOrder - 1n, groupOrder - 8n, (1n << 252n) - 1n),
  fc.constantFrom((1n << 127n) - 1n, 1n << 127n, (1n << 128n) - 1n, 1n << 128n),
  any,
)
const secrets = scalars.filter((scalar) => scalar > 0n)

/** g to the power, as a point of that group. */
const powerIn = (of: Group, scalar: bigint): Point => of.sumOfProducts([of.generator], [scalar])
const text = (of: Group, point: Point): string => hex(of.encode([point]))

describe('BEACON-2: the group in WebAssembly is the reference', () => {
  it.each(smallMultiples)('%i g of RFC 9496', (scalar, expected) => {
    expect(text(group, powerIn(group, BigInt(scalar)))).toBe(expected)
    const decoded = group.decode(bytes(expected))
    if (scalar > 0) expect(text(group, decoded!)).toBe(expected)
    else expect(decoded).toBeUndefined()
  })

  it.each(badEncodings)('refuses %s', (bad) => {
    expect(group.decode(bytes(bad))).toBeUndefined()
  })

  it('has the same generators', () => {
    expect(text(group, group.generator)).toBe(text(nobleGroup, nobleGroup.generator))
    expect(text(group, group.shareGenerator)).toBe(text(nobleGroup, nobleGroup.shareGenerator))
  })

  it('reads any 32 bytes as it does, and gives them back', () => {
    const seen = { taken: 0, refused: 0 }
    const field = fc.oneof(
      // Even numbers below p: about a quarter of them encode an element.
      fc.bigInt({ min: 0n, max: prime / 2n }).map((half) => littleEndian(2n * half)),
      fc.bigInt({ min: prime - 40n, max: prime + 40n }).map(littleEndian),
      fc.nat(5000).map((small) => littleEndian(BigInt(small))),
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.uint8Array({ maxLength: 40 }),
    )
    fc.assert(
      fc.property(field, (candidate) => {
        const [ours, theirs] = [group.decode(candidate), nobleGroup.decode(candidate)]
        expect(ours === undefined).toBe(theirs === undefined)
        seen[ours === undefined ? 'refused' : 'taken'] += 1
        if (ours !== undefined) expect(text(group, ours)).toBe(hex(candidate))
      }),
      { numRuns: 1200 },
    )
    expect(Math.min(seen.taken, seen.refused)).toBeGreaterThan(40)
  })

  it('multiplies by secrets as it does', () => {
    fc.assert(
      fc.property(secrets, secrets, (base, scalar) => {
        const product = group.multiply(powerIn(group, base), scalar)
        const expected = nobleGroup.multiply(powerIn(nobleGroup, base), scalar)
        expect(text(group, product)).toBe(text(nobleGroup, expected))
      }),
      { numRuns: 60 },
    )
    expect(group.isIdentity(group.multiply(group.generator, 0n))).toBe(true)
  })

  it('multiplies with every digit in every window', () => {
    const place = fc.tuple(fc.nat(62), fc.integer({ min: 1, max: 15 }))
    fc.assert(
      fc.property(place, ([window, digit]) => {
        const scalar = BigInt(digit) << BigInt(4 * window)
        const product = text(group, group.multiply(group.shareGenerator, scalar))
        const sum = group.sumOfProducts([group.shareGenerator], [scalar])
        expect(product).toBe(text(group, sum))
      }),
      { numRuns: 300 },
    )
  })

  it('sums products as it does, with tables and without', () => {
    const term = fc.record({ base: scalars, scalar: scalars, hasTables: fc.boolean() })
    fc.assert(
      fc.property(fc.array(term, { maxLength: 7 }), (terms) => {
        const sumIn = (of: Group): string => {
          const points = terms.map(({ base, hasTables }) => {
            const point = powerIn(of, base)
            return hasTables ? of.precompute(point) : point
          })
          const exponents = terms.map(({ scalar }) => scalar)
          return text(of, of.sumOfProducts(points, exponents))
        }
        expect(sumIn(group)).toBe(sumIn(nobleGroup))
      }),
      { numRuns: 60 },
    )
  })

  it.each([63, 64, 65, 130])('sums %i products', (count) => {
    const points = Array.from({ length: count }, (_, at) => powerIn(group, BigInt(at + 1)))
    const exponents = points.map((_, at) => groupOrder - BigInt(7 * at + 1))
    const total = exponents.reduce((sum, one, at) => sum + one * BigInt(at + 1), 0n) % groupOrder
    const expected = powerIn(nobleGroup, total)
    expect(text(group, group.sumOfProducts(points, exponents))).toBe(text(nobleGroup, expected))
  })

  it('knows the identity in every form of it', () => {
    fc.assert(
      fc.property(any, (scalar) => {
        const point = powerIn(group, scalar)
        const zero = group.sumOfProducts([point, point], [5n, groupOrder - 5n])
        expect(group.isIdentity(zero)).toBe(true)
        expect(text(group, zero)).toBe('00'.repeat(32))
        expect(group.isIdentity(point)).toBe(scalar === 0n)
      }),
      { numRuns: 30 },
    )
    expect(group.isIdentity(group.sumOfProducts([], []))).toBe(true)
  })
})
