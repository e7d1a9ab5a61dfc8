import { bn254 } from '@noble/curves/bn254.js'
import { describe, expect, it } from 'vitest'
import { coordinatesOf, multiplyPoint } from '../groth16/points.ts'
import { createKernel, type Kernel } from './kernel.ts'
import { eigenvalue } from './curve.ts'
import { getPoint, putPoints, type Coordinates } from './memory.fixture.ts'
import { elementBytes } from './limbs.ts'

const kernel: Kernel = createKernel()

/** The same cases in both groups; @noble/curves is the reference. */
const groups = [
  {
    name: 'g1' as const,
    multiple: (scalar: bigint): Coordinates => {
      if (scalar === 0n) return []
      const { x, y } = bn254.G1.Point.BASE.multiplyUnsafe(scalar).toAffine()
      return [x, y]
    },
  },
  {
    name: 'g2' as const,
    multiple: (scalar: bigint): Coordinates => {
      if (scalar === 0n) return []
      const { x, y } = bn254.G2.Point.BASE.multiplyUnsafe(scalar).toAffine()
      return [x.c0, x.c1, y.c0, y.c1]
    },
  },
]
const order = bn254.G1.Point.Fn.ORDER

describe.each(groups)('ZK-6 the group $name against @noble/curves', ({ name, multiple }) => {
  const group = kernel[name]
  const pointBytes = 2 * group.elementBytes

  it('adds pairs in one batch: chords, tangents, opposites and infinities side by side', () => {
    const scalars = [0n, 1n, 2n, 3n, 77n, order - 1n, order - 2n, order - 77n]
    const cases = scalars.flatMap((left) => scalars.map((right) => [left, right] as const))
    const address = putPoints(kernel, group, cases.flat().map(multiple))
    const list = kernel.memory.take(8 * cases.length)
    const scratch = kernel.memory.take(cases.length * group.slotBytes)
    cases.forEach((_, index) => {
      kernel.memory.words[list / 4 + 2 * index] = address + 2 * index * pointBytes
      kernel.memory.words[list / 4 + 2 * index + 1] = address + (2 * index + 1) * pointBytes
    })
    group.addPairs(cases.length, list, scratch)
    cases.forEach(([left, right], index) => {
      const sum = getPoint(kernel, group, address + 2 * index * pointBytes)
      expect(sum).toEqual(multiple((left + right) % order))
      const kept = getPoint(kernel, group, address + (2 * index + 1) * pointBytes)
      expect(kept).toEqual(multiple(right))
    })
    group.addPairs(0, list, scratch)
  })

  it('gathers points, negated where asked', () => {
    const address = putPoints(kernel, group, [1n, 2n, 3n].map(multiple))
    const list = kernel.memory.take(12)
    kernel.memory.words.set([4, 1, 2], list / 4)
    const out = kernel.memory.take(3 * pointBytes)
    group.gather(3, list, address, out)
    const got = [0, 1, 2].map((index) => getPoint(kernel, group, out + index * pointBytes))
    expect(got).toEqual([multiple(3n), multiple(order - 1n), multiple(2n)])
  })

  it('maps points by the endomorphism: φ is λ, in its place and in no other', () => {
    const scalars = [1n, 2n, 0n, order - 1n, 5n]
    const address = putPoints(kernel, group, scalars.map(multiple))
    group.images(4, address)
    const images = [1n, 2n, 0n, order - 1n].map((scalar) => (scalar * eigenvalue) % order)
    scalars.forEach((scalar, index) => {
      const expected = multiple(images[index] ?? scalar)
      expect(getPoint(kernel, group, address + index * pointBytes)).toEqual(expected)
    })
    group.images(0, address)
    expect(getPoint(kernel, group, address)).toEqual(multiple(eigenvalue))
  })

  it('multiplies by the complete addition: 0, 1, r − 1, r and some in between', () => {
    const point = kernel.memory.take(3 * group.elementBytes)
    const words = kernel.memory.words
    words.fill(0, point / 4, point / 4 + (3 * group.elementBytes) / 4)
    const affine = putPoints(kernel, group, [multiple(1n)])
    kernel.memory.words.copyWithin(point / 4, affine / 4, (affine + pointBytes) / 4)
    kernel.memory.putElement(point + pointBytes, 2n ** 261n % bn254.G1.Point.Fp.ORDER)
    const out = kernel.memory.take(3 * group.elementBytes)
    for (const scalar of [0n, 1n, 2n, 3n, 2n ** 128n + 5n, order - 1n, order, order + 1n]) {
      multiplyPoint(kernel, group, out, point, scalar)
      const expected = multiple(scalar % order)
      expect(coordinatesOf(kernel, group, out)).toEqual(
        expected.length === 0 ? undefined : expected,
      )
    }
    expect(group.elementBytes % elementBytes).toBe(0)
  })
})
