import { describe, expect, it } from 'vitest'
import { fieldOrder } from '../../../src/core/emotion/field.ts'
import { baseFieldOrder } from '../../../src/core/emotion/proofCodec.ts'
import { createKernel } from './kernel.ts'
import { elementBytes, integerOfLimbs, limbMask, packLimbs, radix, unpackLimbs } from './limbs.ts'
import { inverse, seededIntegers } from './memory.fixture.ts'

const kernel = createKernel()
const [left, right, third, fourth, out] = Array.from({ length: 5 }, () =>
  kernel.memory.take(2 * elementBytes),
) as [number, number, number, number, number]
const read = (address: number): bigint => integerOfLimbs(kernel.memory.words, address / 4)
const mod = (value: bigint, order: bigint): bigint => ((value % order) + order) % order

const fields = [
  { name: 'fq', order: baseFieldOrder },
  { name: 'fr', order: fieldOrder },
] as const

/** Edges of the representation and of the field, then numbers from a seed, all below 2·p. */
function values(order: bigint): readonly bigint[] {
  const next = seededIntegers(7)
  const edges = [0n, 1n, 2n, order - 1n, order, order + 1n, 2n * order - 1n]
  const limbs = [2n ** 29n - 1n, 2n ** 29n, 2n ** 232n - 1n, 2n ** 232n, 2n ** 253n]
  const forms = [radix % order, (radix * radix) % order, order - (radix % order)]
  return [...edges, ...limbs, ...forms, ...Array.from({ length: 25 }, () => next(2n * order))]
}

describe.each(fields)('ZK-6 arithmetic of $name against BigInt', ({ name, order }) => {
  const call = (operation: string, ...args: readonly number[]): number =>
    kernel.function(`${name}_${operation}`)(...args)
  const all = values(order)
  const pairs = all.flatMap((a) => all.map((b) => [a, b] as const))
  const unRadix = inverse(radix, order)

  it.each([
    ['mul', 2n, (a: bigint, b: bigint) => a * b * unRadix],
    ['add', 2n, (a: bigint, b: bigint) => a + b],
    ['sub', 2n, (a: bigint, b: bigint) => a - b],
    ['addLazy', 4n, (a: bigint, b: bigint) => a + b],
    ['subLazy', 4n, (a: bigint, b: bigint) => a - b],
  ] as const)('%s gives the value below %s·p, in full limbs', (operation, bound, expected) => {
    for (const [a, b] of pairs) {
      kernel.memory.putElement(left, a)
      kernel.memory.putElement(right, b)
      call(operation, out, left, right)
      expect(mod(read(out), order)).toBe(mod(expected(a, b), order))
      expect(read(out) < bound * order).toBe(true)
      const limbs = kernel.memory.words.subarray(out / 4, out / 4 + 9)
      expect(limbs.every((limb) => limb <= limbMask)).toBe(true)
    }
  })

  it('mul and mulAdd take the largest factors that they are given, 8·p and 8·p', () => {
    const large = 8n * order - 1n
    for (const address of [left, right]) kernel.memory.putElement(address, large)
    for (const address of [third, fourth]) kernel.memory.putElement(address, 4n * order - 1n)
    call('mul', out, left, right)
    expect(mod(read(out), order)).toBe(mod(large * large * unRadix, order))
    expect(read(out) < 2n * order).toBe(true)
    call('mulAdd', out, third, fourth, fourth, third)
    expect(mod(read(out), order)).toBe(mod(2n * unRadix, order))
    expect(read(out) < 2n * order).toBe(true)
  })

  it('isZero sees every multiple of p below 4·p and nothing else', () => {
    for (const base of [0n, order, 2n * order, 3n * order]) {
      for (const [delta, isZero] of [
        [0n, 1],
        [1n, 0],
        [1n << 29n, 0],
        [1n << 232n, 0],
      ] as const) {
        kernel.memory.putElement(left, base + delta)
        expect(call('isZero', left)).toBe(isZero)
      }
    }
  })

  it('isMark sees zero limbs alone', () => {
    for (const [value, isMark] of [
      [0n, 1],
      [order, 0],
      [1n << 240n, 0],
      [1n, 0],
    ] as const) {
      kernel.memory.putElement(left, value)
      expect(call('isMark', left)).toBe(isMark)
    }
  })

  it('inverse is one, and zero for zero', () => {
    for (const value of all) {
      kernel.memory.putElement(left, value)
      call('inverse', out, left)
      // Forms of x and 1/x multiply to the form of 1.
      const product = mod(value * read(out) * unRadix, order)
      expect(product).toBe(value % order === 0n ? 0n : radix % order)
    }
  })

  it('reduceAll gives the one form below p', () => {
    const address = kernel.memory.take(all.length * elementBytes)
    all.forEach((value, index) => kernel.memory.putElement(address + index * elementBytes, value))
    call('reduceAll', all.length, address)
    all.forEach((value, index) => {
      expect(read(address + index * elementBytes)).toBe(value % order)
    })
    call('reduceAll', 0, address)
  })
})

describe('ZK-6 arithmetic of Fq2 against BigInt', () => {
  const order = baseFieldOrder
  const unRadix = inverse(radix, order)
  const next = seededIntegers(8)
  const edges = [0n, 1n, order - 1n, order, 2n * order - 1n]
  const elements = [
    ...edges.flatMap((c0) => edges.map((c1) => [c0, c1] as const)),
    ...Array.from({ length: 10 }, () => [next(2n * order), next(2n * order)] as const),
  ]
  const put = (address: number, [c0, c1]: readonly [bigint, bigint]): void => {
    kernel.memory.putElement(address, c0)
    kernel.memory.putElement(address + elementBytes, c1)
  }
  const get = (): readonly bigint[] => [mod(read(out), order), mod(read(out + elementBytes), order)]

  it('mul, also with the target in the place of a factor', () => {
    for (const a of elements) {
      for (const b of elements) {
        put(out, a)
        put(right, b)
        kernel.function('fq2_mul')(out, out, right)
        const expected = [a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]]
        expect(get()).toEqual(expected.map((part) => mod(part * unRadix, order)))
      }
    }
  })

  it('sqr is mul, inverse is an inverse', () => {
    for (const a of elements) {
      put(left, a)
      kernel.function('fq2_mul')(out, left, left)
      const square = get()
      kernel.function('fq2_sqr')(out, left)
      expect(get()).toEqual(square)
      kernel.function('fq2_inverse')(right, left)
      kernel.function('fq2_mul')(out, left, right)
      const isZero = a.every((part) => part % order === 0n)
      expect(get()).toEqual([isZero ? 0n : radix % order, 0n])
    }
  })
})

describe('limbs', () => {
  it('pack and unpack are inverse to each other on all of 256 bits', () => {
    const next = seededIntegers(9)
    const samples = [
      0n,
      1n,
      2n ** 256n - 1n,
      2n ** 255n,
      ...Array.from({ length: 50 }, () => next(2n ** 256n)),
    ]
    for (const value of samples) {
      const words = Uint32Array.from({ length: 8 }, (_, i) =>
        Number((value >> BigInt(32 * i)) & 0xffff_ffffn),
      )
      const limbs = new Uint32Array(9)
      packLimbs(words, 0, limbs, 0)
      expect(integerOfLimbs(limbs, 0)).toBe(value)
      const back = new Uint32Array(8)
      unpackLimbs(limbs, 0, back, 0)
      expect(back).toEqual(words)
    }
  })
})
