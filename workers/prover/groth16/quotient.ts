/**
 * The scalars of the H points: A·B − C on the odd coset of the domain, as snarkjs's keys take them.
 *
 * A and B on the domain come from the witness, C is their product there. Each is interpolated,
 * shifted by a 2N-th root of unity and evaluated again. Down in frequency and up in time, so that
 * no bit reversal is needed: the order between is the reversed one.
 */

import { fieldOrder } from '../../../src/core/emotion/field.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { elementBytes, limbCount } from '../kernel/limbs.ts'
import { montgomeryOne } from '../kernel/multiplyCode.ts'
import type { ProvingKey } from './provingKey.ts'

/** Tables of a domain in the kernel's memory; the same for every proof. */
export interface Domain {
  readonly size: number
  /** ωⁱ for i < size/2, and the inverses. */
  readonly roots: number
  readonly inverseRoots: number
  /** gⁱ/size in bit-reversed order, g a 2·size-th root of unity with g² = ω. */
  readonly shifts: number
}

/** 5 is no square in the field; The choice of ffjavascript, so of the keys. */
const nonResidue = 5n

/** A primitive root of unity of order 2^power. */
export function rootOfUnity(power: number): bigint {
  return modPower(nonResidue, (fieldOrder - 1n) >> BigInt(power))
}

export function createDomain(kernel: Kernel, size: number): Domain {
  const { memory } = kernel
  const g = rootOfUnity(Math.log2(size) + 1)
  const root = (g * g) % fieldOrder
  const half = size >> 1
  const roots = memory.take(half * elementBytes)
  const inverseRoots = memory.take(half * elementBytes)
  const shifts = memory.take(size * elementBytes)
  const mark = memory.mark()
  const straight = memory.take(size * elementBytes)
  putPowers(kernel, roots, half, 1n, root)
  putPowers(kernel, inverseRoots, half, 1n, inverse(root))
  putPowers(kernel, straight, size, inverse(BigInt(size)), g)
  for (let index = 0; index < size; index += 1) {
    const from = (straight + reverseBits(index, Math.log2(size)) * elementBytes) / 4
    memory.words.copyWithin((shifts + index * elementBytes) / 4, from, from + limbCount)
  }
  memory.release(mark)
  return { size, roots, inverseRoots, shifts }
}

/** start·baseⁱ for i below `count`, a power of two: each half is the one before it, multiplied. */
function putPowers(
  { memory, fr }: Kernel,
  address: number,
  count: number,
  start: bigint,
  base: bigint,
): void {
  const mark = memory.mark()
  const factor = memory.take(elementBytes)
  memory.putElement(address, (start * montgomeryOne(fieldOrder)) % fieldOrder)
  let power = base
  for (let length = 1; length < count; length *= 2) {
    memory.putElement(factor, (power * montgomeryOne(fieldOrder)) % fieldOrder)
    fr.mulAll(length, address + length * elementBytes, address, factor, 0)
    power = (power * power) % fieldOrder
  }
  memory.release(mark)
}

/** Values on the domain to coefficients times size, in bit-reversed order. In place. */
export function interpolate({ fr }: Kernel, domain: Domain, vector: number): void {
  const { size, inverseRoots } = domain
  for (let half = size >> 1; half >= 1; half >>= 1) {
    const step = (size / 2 / half) * elementBytes
    fr.stageDown(size / 2, vector, vector + half * elementBytes, inverseRoots, step, half)
  }
}

/** Coefficients in bit-reversed order to values on the domain. In place. */
export function evaluate({ fr }: Kernel, domain: Domain, vector: number): void {
  const { size, roots } = domain
  for (let half = 1; half < size; half <<= 1) {
    const step = (size / 2 / half) * elementBytes
    fr.stageUp(size / 2, vector, vector + half * elementBytes, roots, step, half)
  }
}

/** Addresses of A·w and B·w on the domain, in temporary memory. `witness`: plain limbs. */
export function evaluateRows(
  kernel: Kernel,
  key: ProvingKey,
  size: number,
  witness: number,
): { readonly a: number; readonly b: number } {
  const { memory, fr } = kernel
  const [a, b] = [memory.take(size * elementBytes), memory.take(size * elementBytes)] as const
  for (const [out, { ends, columns, coefficients }] of [
    [a, key.matrixA],
    [b, key.matrixB],
  ] as const) {
    fr.rows(size, out, ends, columns, coefficients, witness)
  }
  return { a, b }
}

/** Address of `domainSize` scalars below r, in temporary memory. `witness`: plain limbs. */
export function quotientScalars(
  kernel: Kernel,
  key: ProvingKey,
  domain: Domain,
  witness: number,
): number {
  return quotientOf(kernel, domain, evaluateRows(kernel, key, domain.size, witness))
}

/** The same from A·w and B·w, in the place of A·w. */
export function quotientOf(
  kernel: Kernel,
  domain: Domain,
  { a, b }: { readonly a: number; readonly b: number },
): number {
  const { memory, fr } = kernel
  const { size } = domain
  const c = memory.take(size * elementBytes)
  fr.mulAll(size, c, a, b, elementBytes)
  for (const vector of [a, b, c]) {
    interpolate(kernel, domain, vector)
    fr.mulAll(size, vector, vector, domain.shifts, elementBytes)
    evaluate(kernel, domain, vector)
  }
  fr.mulAll(size, a, a, b, elementBytes)
  fr.subAll(size, a, a, c, elementBytes)
  const plainOne = memory.take(elementBytes)
  memory.putElement(plainOne, 1n)
  fr.mulAll(size, a, a, plainOne, 0)
  fr.reduceAll(size, a)
  return a
}

function reverseBits(value: number, bits: number): number {
  let reversed = 0
  for (let bit = 0; bit < bits; bit += 1) reversed |= ((value >> bit) & 1) << (bits - 1 - bit)
  return reversed
}

function inverse(value: bigint): bigint {
  return modPower(value, fieldOrder - 2n)
}

function modPower(base: bigint, exponent: bigint): bigint {
  let result = 1n
  let square = base
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % fieldOrder
    square = (square * square) % fieldOrder
  }
  return result
}
