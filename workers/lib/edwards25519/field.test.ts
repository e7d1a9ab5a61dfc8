import { describe, expect, it } from 'vitest'
import { seededGenerator } from '../../../src/core/emotion/testWindows.fixture.ts'
import { createKernel } from './kernel.ts'
import {
  elementBytes,
  integerOfLimbs,
  limbCount,
  limbIndexes,
  limbMask,
  prime,
  topMask,
} from './limbs.ts'

const kernel = createKernel()
const [left, right, out] = Array.from({ length: 3 }, () => kernel.memory.take(elementBytes)) as [
  number,
  number,
  number,
]
const call = (operation: string, ...args: readonly number[]): number =>
  kernel.function(`field_${operation}`)(...args)
const limbsAt = (address: number): Uint32Array => kernel.memory.words(address, limbCount)
const read = (address: number): bigint => integerOfLimbs(limbsAt(address), 0)
const mod = (value: bigint): bigint => ((value % prime) + prime) % prime

const next = seededGenerator(5)
const word = (): bigint => BigInt(next() >>> 0)
const random = (): bigint =>
  limbIndexes.reduce((value) => (value << 32n) | word(), 0n) & ((1n << 255n) - 1n)

/** Edges of the field and of its limbs; 2^255 − 1 is above p. */
const values = [
  ...[0n, 1n, 2n, 18n, 19n, 20n, prime - 1n, prime, prime + 1n, (1n << 255n) - 1n],
  ...[1n << 29n, (1n << 29n) - 1n, 1n << 232n, (1n << 232n) - 1n, (1n << 254n) + 1n],
  ...Array.from({ length: 20 }, random),
]
const pairs = values.flatMap((a) => values.map((b) => [a, b] as const))

function expectTight(address: number): void {
  const limbs = limbsAt(address)
  expect(limbs.every((limb) => limb <= limbMask + 2 ** 18)).toBe(true)
  expect(limbs[limbCount - 1] ?? 0).toBeLessThan(topMask + 9)
}

describe('SIG-1 arithmetic modulo 2^255 − 19 against BigInt', () => {
  it.each([
    ['mul', true, (a: bigint, b: bigint) => a * b],
    ['add', false, (a: bigint, b: bigint) => a + b],
    ['sub', false, (a: bigint, b: bigint) => a - b],
    ['addTight', true, (a: bigint, b: bigint) => a + b],
    ['subTight', true, (a: bigint, b: bigint) => a - b],
  ] as const)('%s', (operation, isTight, expected) => {
    for (const [a, b] of pairs) {
      kernel.memory.putElement(left, a)
      kernel.memory.putElement(right, b)
      call(operation, out, left, right)
      expect(mod(read(out))).toBe(mod(expected(a, b)))
      if (isTight) expectTight(out)
    }
  })

  it('takes the largest limbs that the bound of a product allows', () => {
    const sizes = [
      [1.5, 1.32],
      [1, 1.98],
      [1.4, 1.4],
    ] as const
    for (const [a, b] of sizes) {
      limbsAt(left).fill(a * 2 ** 30)
      limbsAt(right).fill(b * 2 ** 30)
      for (const address of [left, right]) limbsAt(address)[limbCount - 1] = 2 ** 26 - 1
      const expected = mod(read(left) * read(right))
      call('mul', out, left, right)
      expect(mod(read(out))).toBe(expected)
      expectTight(out)
    }
    limbsAt(left).fill(1.4 * 2 ** 30, 0, limbCount - 1)
    const square = mod(read(left) ** 2n)
    call('sqrTimes', out, left, 1)
    expect(mod(read(out))).toBe(square)
  })

  it('makes the largest sums and differences tight', () => {
    limbsAt(left).fill(2.9 * 2 ** 30)
    limbsAt(right).fill(2 ** 29 + 2 ** 18)
    limbsAt(right)[limbCount - 1] = 2 ** 23
    const [sum, difference] = [read(left) + read(right), read(left) - read(right)]
    call('addTight', out, left, right)
    expect(mod(read(out))).toBe(mod(sum))
    limbsAt(left)[limbCount - 1] = 2 ** 26
    const lower = read(left) - read(right)
    expect(lower).not.toBe(difference)
    call('subTight', out, left, right)
    expect(mod(read(out))).toBe(mod(lower))
    expectTight(out)
  })

  it('sqrTimes, root and the one form below p', () => {
    for (const value of values) {
      kernel.memory.putElement(left, value)
      call('sqrTimes', out, left, 3)
      expect(mod(read(out))).toBe(mod(value ** 8n))
      call('root', out, left)
      expect(mod(read(out))).toBe(power(mod(value), (prime - 5n) / 8n))
      call('canonical', out, left)
      expect(read(out)).toBe(mod(value))
      expect(call('isZero', left)).toBe(mod(value) === 0n ? 1 : 0)
    }
    limbsAt(left).fill(limbMask + 2 ** 17)
    limbsAt(left)[limbCount - 1] = topMask + 7
    call('canonical', out, left)
    expect(read(out)).toBe(mod(read(left)))
  })
})

function power(base: bigint, exponent: bigint): bigint {
  let [result, square] = [1n, base]
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = mod(result * square)
    square = mod(square * square)
  }
  return result
}
