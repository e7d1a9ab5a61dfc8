import { bn254 } from '@noble/curves/bn254.js'
import { describe, expect, it } from 'vitest'
import { baseFieldOrder } from '../../../src/core/emotion/proofCodec.ts'
import { createKernel } from './kernel.ts'
import { elementBytes, limbMask, radix } from './limbs.ts'
import { getMontgomery, inverse, putMontgomery, seededIntegers } from './memory.fixture.ts'
import { towerBytes } from './towerCode.ts'

const { Fp, Fp12 } = bn254.fields
type Element = Parameters<typeof Fp12.sqr>[0]

const kernel = createKernel()
const { memory } = kernel
const [a, b, out] = [1, 2, 3].map(() => memory.take(towerBytes)) as [number, number, number]
const coordinateCount = towerBytes / elementBytes
const next = seededIntegers(31)

/** By the coordinates of w⁰, w², w⁴, w¹, w³, w⁵: the order of memory, and of @noble/curves. */
function elementOf(values: readonly bigint[]): Element {
  const at = (index: number): bigint => values[index] ?? 0n
  const sextic = (from: number): Element['c0'] => ({
    c0: { c0: at(from), c1: at(from + 1) },
    c1: { c0: at(from + 2), c1: at(from + 3) },
    c2: { c0: at(from + 4), c1: at(from + 5) },
  })
  return { c0: sextic(0), c1: sextic(6) }
}

const random = (): readonly bigint[] =>
  Array.from({ length: coordinateCount }, () => next(baseFieldOrder))

/** One in every coordinate by itself, the largest in all, zero, and numbers from a seed. */
const samples: readonly (readonly bigint[])[] = [
  ...Array.from({ length: coordinateCount }, (_, index) =>
    Array.from({ length: coordinateCount }, (__, at) => (at === index ? 1n : 0n)),
  ),
  Array.from({ length: coordinateCount }, () => baseFieldOrder - 1n),
  Array.from({ length: coordinateCount }, () => 0n),
  random(),
  random(),
]

function put(address: number, values: readonly bigint[]): void {
  values.forEach((value, index) =>
    putMontgomery(kernel, address + index * elementBytes, value, baseFieldOrder),
  )
}

function get(address: number): Element {
  const coordinates = Array.from({ length: coordinateCount }, (_, index) =>
    getMontgomery(kernel, address + index * elementBytes, baseFieldOrder),
  )
  return elementOf(coordinates)
}

const call = (name: string, ...args: readonly number[]): number => kernel.function(name)(...args)

describe('ZK-4 arithmetic of Fq12 against @noble/curves', () => {
  it('mul, also with the target in the place of a factor', () => {
    for (const left of samples) {
      for (const right of samples) {
        const expected = Fp12.mul(elementOf(left), elementOf(right))
        put(a, left)
        put(b, right)
        call('fq12_mul', out, a, b)
        expect(get(out)).toEqual(expected)
        call('fq12_mul', a, a, b)
        expect(get(a)).toEqual(expected)
      }
    }
  })

  it('sqr and conjugate, also in place', () => {
    for (const sample of samples) {
      put(a, sample)
      call('fq12_sqr', out, a)
      expect(get(out)).toEqual(Fp12.sqr(elementOf(sample)))
      call('fq12_conjugate', out, a)
      expect(get(out)).toEqual(Fp12.conjugate(elementOf(sample)))
      call('fq12_sqr', a, a)
      expect(get(a)).toEqual(Fp12.sqr(elementOf(sample)))
      call('fq12_conjugate', a, a)
      expect(get(a)).toEqual(Fp12.conjugate(Fp12.sqr(elementOf(sample))))
    }
  })

  it('sqrCyclotomic squares what the easy part of the final exponentiation leaves', () => {
    for (const sample of [random(), random(), random()]) {
      const value = elementOf(sample)
      const first = Fp12.mul(Fp12.conjugate(value), Fp12.inv(value))
      const cyclotomic = Fp12.mul(Fp12.frobeniusMap(first, 2), first)
      const flat = [cyclotomic.c0, cyclotomic.c1].flatMap(({ c0, c1, c2 }) =>
        [c0, c1, c2].flatMap((pair) => [pair.c0, pair.c1]),
      )
      put(a, flat)
      call('fq12_sqrCyclotomic', out, a)
      expect(get(out)).toEqual(Fp12.sqr(cyclotomic))
      call('fq12_sqrCyclotomic', a, a)
      expect(get(a)).toEqual(Fp12.sqr(cyclotomic))
    }
  })

  it('mulLine is the product with 1 + x·λ·w + y·μ·w³', () => {
    const line = memory.take(6 * elementBytes)
    for (const sample of samples) {
      const [l0, l1, m0, m1, x, y] = random() as [bigint, bigint, bigint, bigint, bigint, bigint]
      ;[l0, l1, m0, m1, x, y].forEach((value, index) =>
        putMontgomery(kernel, line + index * elementBytes, value, baseFieldOrder),
      )
      put(a, sample)
      call('fq12_mulLine', a, line, line + 4 * elementBytes)
      const values = [1n, 0n, 0n, 0n, 0n, 0n]
      const odd = [Fp.mul(l0, x), Fp.mul(l1, x), Fp.mul(m0, y), Fp.mul(m1, y)]
      expect(get(a)).toEqual(Fp12.mul(elementOf(sample), elementOf([...values, ...odd])))
    }
  })

  it('takes the largest forms: 2·p − 1, and full limbs, in every coordinate', () => {
    const largest = 2n * baseFieldOrder - 1n
    const fullLimbs = ((largest >> 232n) << 232n) - 1n
    const unRadix = inverse(radix, baseFieldOrder)
    const values = (form: bigint): readonly bigint[] =>
      Array.from({ length: coordinateCount }, () => (form * unRadix) % baseFieldOrder)
    const putForms = (address: number, form: bigint): void => {
      for (let index = 0; index < coordinateCount; index += 1) {
        memory.putElement(address + index * elementBytes, form)
      }
    }
    for (const left of [largest, fullLimbs]) {
      for (const right of [largest, fullLimbs]) {
        putForms(a, left)
        putForms(b, right)
        call('fq12_mul', out, a, b)
        const [one, two] = [elementOf(values(left)), elementOf(values(right))]
        expect(get(out)).toEqual(Fp12.mul(one, two))
        call('fq12_mulLine', a, b, b)
        const part = Fp.sqr(values(right)[0] ?? 0n)
        const line = [1n, 0n, 0n, 0n, 0n, 0n, part, part, part, part]
        expect(get(a)).toEqual(Fp12.mul(one, elementOf(line)))
      }
      putForms(a, left)
      call('fq12_sqr', out, a)
      expect(get(out)).toEqual(Fp12.sqr(elementOf(values(left))))
    }
  })

  it('mulXi is the product with 9 + i, for every form below 2·p', () => {
    const edges = [0n, 1n, baseFieldOrder - 1n, baseFieldOrder, 2n * baseFieldOrder - 1n]
    const values = [...edges, ...Array.from({ length: 20 }, () => next(2n * baseFieldOrder))]
    const one = radix % baseFieldOrder
    for (const c0 of values) {
      for (const c1 of values) {
        memory.putElement(a, c0)
        memory.putElement(a + elementBytes, c1)
        call('fq2_mulXi', out, a)
        const parts = [0, 1].map((index) =>
          getMontgomery(kernel, out + index * elementBytes, baseFieldOrder),
        )
        const mod = (value: bigint): bigint => Fp.create(value)
        expect(parts.map((part) => mod(part * one))).toEqual([mod(9n * c0 - c1), mod(9n * c1 + c0)])
        const limbs = memory.words.subarray(out / 4, out / 4 + 18)
        expect(limbs.every((limb) => limb <= limbMask)).toBe(true)
      }
    }
  })
})
