import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dualWord, valueAt, weightsAtZero } from './polynomial.ts'
import { groupOrder } from './scalars.ts'

const mod = (value: bigint): bigint => ((value % groupOrder) + groupOrder) % groupOrder
const scalar = fc.bigInt({ min: 0n, max: groupOrder - 1n })
const polynomial = fc.array(scalar, { minLength: 1, maxLength: 9 })

function naiveValue(coefficients: readonly bigint[], place: number): bigint {
  return mod(
    coefficients.reduce((sum, one, power) => sum + one * BigInt(place) ** BigInt(power), 0n),
  )
}

function inner(left: readonly bigint[], right: readonly bigint[]): bigint {
  return mod(left.reduce((sum, value, index) => sum + value * right[index]!, 0n))
}

describe('BEACON-2: polynomials at the places of shares', () => {
  it('values are sums of powers', () => {
    fc.assert(
      fc.property(polynomial, fc.nat({ max: 63 }), (coefficients, place) => {
        expect(valueAt(coefficients, place)).toBe(naiveValue(coefficients, place))
      }),
    )
  })

  it('as many values as coefficients give the value at 0', () => {
    fc.assert(
      fc.property(polynomial, fc.infiniteStream(fc.integer({ min: 1, max: 63 })), (p, stream) => {
        const places = new Set<number>()
        for (const place of stream) {
          places.add(place)
          if (places.size === p.length) break
        }
        const list = [...places]
        const values = list.map((place) => valueAt(p, place))
        expect(inner(weightsAtZero(list), values)).toBe(p[0])
      }),
    )
  })

  it('t − 1 values fit every secret: one polynomial of degree t − 1 for each', () => {
    fc.assert(
      fc.property(polynomial, scalar, (p, secret) => {
        // The t − 1 places 1 … t − 1 and the secret at 0 fix the polynomial; it keeps the degree.
        const known = p.slice(1).map((_, index) => index + 1)
        const vanishing = known.reduce(
          (product, root) => times(product, [mod(-BigInt(root)), 1n]),
          [1n],
        )
        const factor = mod((secret - p[0]!) * inverse(vanishing[0]!))
        const other = p.map((one, power) => mod(one + factor * vanishing[power]!))
        expect(valueAt(other, 0)).toBe(secret)
        expect(known.map((place) => valueAt(other, place))).toEqual(
          known.map((place) => valueAt(p, place)),
        )
      }),
    )
  })

  const codes = fc
    .tuple(fc.integer({ min: 2, max: 20 }), fc.integer({ min: 1, max: 20 }))
    .filter(([count, size]) => size < count)

  it('words of the dual code see nothing in a polynomial of lower degree', () => {
    fc.assert(
      fc.property(codes, fc.infiniteStream(scalar), ([count, size], stream) => {
        const take = (length: number): bigint[] =>
          Array.from({ length }, () => stream.next().value as bigint)
        const p = take(size)
        const values = Array.from({ length: count }, (_, place) => naiveValue(p, place))
        expect(inner(dualWord(count, take(count - size)), values)).toBe(0n)
      }),
      { numRuns: 50 },
    )
  })

  it('and see one degree more, and one wrong value', () => {
    const size = 5
    const count = 10
    const test = [3n, 1n, 4n, 1n, 5n]
    const values = (p: readonly bigint[]): bigint[] =>
      Array.from({ length: count }, (_, place) => naiveValue(p, place))
    const p = [2n, 7n, 1n, 8n, 2n]
    expect(p.length).toBe(size)
    expect(inner(dualWord(count, test), values(p))).toBe(0n)
    expect(inner(dualWord(count, test), values([...p, 1n]))).not.toBe(0n)
    for (let place = 0; place < count; place += 1) {
      const wrong = values(p)
      wrong[place] = wrong[place]! + 1n
      expect(inner(dualWord(count, test), wrong)).not.toBe(0n)
    }
  })
})

function times(left: readonly bigint[], right: readonly bigint[]): bigint[] {
  const product = Array.from({ length: left.length + right.length - 1 }, () => 0n)
  left.forEach((a, i) => {
    right.forEach((b, j) => (product[i + j] = mod(product[i + j]! + a * b)))
  })
  return product
}

/** By Fermat. */
function inverse(value: bigint): bigint {
  let [base, power, result] = [mod(value), groupOrder - 2n, 1n]
  for (; power > 0n; power >>= 1n) {
    if ((power & 1n) === 1n) result = mod(result * base)
    base = mod(base * base)
  }
  return result
}
