/** Elements and points in and out of the kernel's memory, for tests. */

import { fieldOrder } from '../../../src/core/emotion/field.ts'
import { baseFieldOrder } from '../../../src/core/emotion/proofCodec.ts'
import { seededGenerator } from '../../../src/core/emotion/testWindows.fixture.ts'
import type { GroupFunctions, Kernel } from './kernel.ts'
import { elementBytes, integerOfLimbs, radix } from './limbs.ts'

export type Coordinates = readonly bigint[]

/** Uniform enough, from a seed. */
export function seededIntegers(seed: number): (order: bigint) => bigint {
  const next = seededGenerator(seed)
  return (order) => {
    let value = 0n
    for (let word = 0; word < 10; word += 1) value = (value << 32n) | BigInt(next() >>> 0)
    return value % order
  }
}

export function putMontgomery(kernel: Kernel, address: number, value: bigint, order: bigint): void {
  kernel.memory.putElement(address, (value * radix) % order)
}

/** The value below the order of whichever of its forms is there; asserts that it is below 2·p. */
export function getMontgomery({ memory }: Kernel, address: number, order: bigint): bigint {
  const form = integerOfLimbs(memory.words, address / 4)
  if (form >= 2n * order) throw new Error('not below 2p')
  return (form * inverse(radix, order)) % order
}

/** Coordinates x, y of each point; an empty list is infinity. */
export function putPoints(
  kernel: Kernel,
  group: GroupFunctions,
  points: readonly Coordinates[],
): number {
  const pointBytes = 2 * group.elementBytes
  const address = kernel.memory.take(pointBytes * points.length)
  kernel.memory.words.fill(0, address / 4, (address + pointBytes * points.length) / 4)
  points.forEach((coordinates, point) => {
    coordinates.forEach((value, index) => {
      const at = address + point * pointBytes + index * elementBytes
      putMontgomery(kernel, at, value, baseFieldOrder)
    })
  })
  return address
}

export function getPoint(kernel: Kernel, group: GroupFunctions, address: number): Coordinates {
  const count = (2 * group.elementBytes) / elementBytes
  const words = kernel.memory.words
  if (words.subarray(address / 4, (address + 2 * group.elementBytes) / 4).every((w) => w === 0)) {
    return []
  }
  return Array.from({ length: count }, (_, index) =>
    getMontgomery(kernel, address + index * elementBytes, baseFieldOrder),
  )
}

/** Scalars as `digitsOf` reads them: limbs, not in Montgomery form. */
export function putScalars(kernel: Kernel, scalars: readonly bigint[]): number {
  const address = kernel.memory.take(elementBytes * scalars.length)
  scalars.forEach((scalar, index) =>
    kernel.memory.putElement(address + index * elementBytes, scalar % fieldOrder),
  )
  return address
}

export function inverse(value: bigint, order: bigint): bigint {
  let [result, square] = [1n, value % order]
  for (let rest = order - 2n; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % order
    square = (square * square) % order
  }
  return result
}
