import { describe, expect, it } from 'vitest'
import { halfBits } from '../kernel/curve.ts'
import { createKernel } from '../kernel/kernel.ts'
import { limbBits } from '../kernel/limbs.ts'
import { seededIntegers } from '../kernel/memory.fixture.ts'
import { halfLimbs } from '../kernel/splitCode.ts'
import { digitsOfHalves } from './halves.ts'

const { memory } = createKernel()
const next = seededIntegers(8)

/** In two's complement, as the kernel's split leaves them. */
function putHalves(values: readonly bigint[]): number {
  const address = memory.take(4 * halfLimbs * values.length)
  values.forEach((value, half) => {
    for (let limb = 0; limb < halfLimbs; limb += 1) {
      const shifted = value >> BigInt(limbBits * limb)
      memory.words[address / 4 + half * halfLimbs + limb] =
        limb < halfLimbs - 1
          ? Number(BigInt.asUintN(limbBits, shifted))
          : Number(BigInt.asUintN(32, shifted))
    }
  })
  return address
}

describe('ZK-6 signed digits of halves', () => {
  const max = 2n ** BigInt(halfBits) - 1n
  const ones = Array.from({ length: halfBits }, (_, bit) => 2n ** BigInt(bit))
  const positive = [1n, 2n, max, max - 1n, max / 3n, ...ones, ...ones.map((one) => one - 1n)]
  const random = Array.from({ length: 200 }, () => next(2n ** BigInt(halfBits)))
  const values = [0n, ...positive, ...random].flatMap((value) => [value, -value])

  it.each([2, 3, 5, 10, 11, 12, 13, 14, 15])('with %i bits they add up', (bits) => {
    const halves = { address: putHalves(values), count: values.length }
    const digits = digitsOfHalves(memory.words, halves, bits)
    const most = 2 ** (bits - 1)
    values.forEach((value, half) => {
      const own = Array.from(
        { length: digits.windowCount },
        (_, window) => digits.values[window * digits.count + half] ?? NaN,
      )
      expect(own.every((digit) => Math.abs(digit) <= most)).toBe(true)
      const sum = own.reduceRight((rest, digit) => (rest << BigInt(bits)) + BigInt(digit), 0n)
      expect(sum).toBe(value)
    })
    expect(digits.windowCount).toBe(Math.ceil((halfBits + 1) / bits))
  })
})
