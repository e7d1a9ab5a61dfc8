import { describe, expect, it } from 'vitest'
import { fieldOrder } from '../../../src/core/emotion/field.ts'
import { createKernel } from '../kernel/kernel.ts'
import { elementBytes } from '../kernel/limbs.ts'
import { getMontgomery, putMontgomery, seededIntegers } from '../kernel/memory.fixture.ts'
import { createDomain, evaluate, interpolate, rootOfUnity } from './quotient.ts'

const kernel = createKernel()
const next = seededIntegers(31)

const power = (base: bigint, exponent: number): bigint => {
  let value = 1n
  for (let step = 0; step < exponent; step += 1) value = (value * base) % fieldOrder
  return value
}

/** By Horner's rule. */
const valueAt = (coefficients: readonly bigint[], x: bigint): bigint =>
  coefficients.reduceRight((value, coefficient) => (value * x + coefficient) % fieldOrder, 0n)

describe('ZK-6 transforms', () => {
  it('roots of unity have the order that they are asked for', () => {
    for (const exponent of [1, 5, 14, 28]) {
      const squares = Array.from({ length: exponent }).reduce<bigint[]>(
        (values) => [...values, ((values.at(-1) ?? 0n) * (values.at(-1) ?? 0n)) % fieldOrder],
        [rootOfUnity(exponent)],
      )
      expect(squares.at(-1)).toBe(1n)
      expect(squares.at(-2)).toBe(fieldOrder - 1n)
    }
  })

  it.each([2, 4, 8, 64])('%i values of a polynomial to its values on the odd coset', (size) => {
    const coefficients = Array.from({ length: size }, (_, index) =>
      index === 1 ? fieldOrder - 1n : next(fieldOrder),
    )
    const g = rootOfUnity(Math.log2(size) + 1)
    const root = (g * g) % fieldOrder
    const domain = createDomain(kernel, size)
    const vector = kernel.memory.take(size * elementBytes)
    for (let index = 0; index < size; index += 1) {
      const value = valueAt(coefficients, power(root, index))
      putMontgomery(kernel, vector + index * elementBytes, value, fieldOrder)
    }
    interpolate(kernel, domain, vector)
    kernel.fr.mulAll(size, vector, vector, domain.shifts, elementBytes)
    evaluate(kernel, domain, vector)
    for (let index = 0; index < size; index += 1) {
      const expected = valueAt(coefficients, power(g, 2 * index + 1))
      expect(getMontgomery(kernel, vector + index * elementBytes, fieldOrder)).toBe(expected)
    }
  })
})

describe('ZK-6 rows of a sparse matrix', () => {
  it('are sums of products, empty rows included', () => {
    const { memory, fr } = kernel
    const rows = [
      [],
      [[3n, 0]],
      [
        [5n, 1],
        [fieldOrder - 1n, 2],
        [7n, 0],
      ],
      [],
    ] as const
    const vector = [1n, fieldOrder - 2n, 11n]
    const terms = rows.flat() as readonly (readonly [bigint, number])[]
    const [ends, columns] = [memory.take(16), memory.take(4 * terms.length)]
    const coefficients = memory.take(elementBytes * terms.length)
    const [values, out] = [memory.take(3 * elementBytes), memory.take(4 * elementBytes)]
    let end = 0
    rows.forEach((row, index) => (memory.words[ends / 4 + index] = end += row.length))
    terms.forEach(([coefficient, column], index) => {
      memory.words[columns / 4 + index] = column * elementBytes
      putMontgomery(kernel, coefficients + index * elementBytes, coefficient, fieldOrder)
    })
    vector.forEach((value, index) =>
      putMontgomery(kernel, values + index * elementBytes, value, fieldOrder),
    )
    fr.rows(4, out, ends, columns, coefficients, values)
    const got = [0, 1, 2, 3].map((row) =>
      getMontgomery(kernel, out + row * elementBytes, fieldOrder),
    )
    expect(got).toEqual([0n, 3n, fieldOrder - 10n - 11n + 7n, 0n])
  })
})
