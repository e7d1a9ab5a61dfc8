/**
 * Single points in the kernel's memory: projective sums, multiples, and coordinates for outside.
 */

import { baseFieldOrder } from '../../../src/core/emotion/proofCodec.ts'
import type { GroupFunctions, Kernel } from '../kernel/kernel.ts'
import { elementBytes, limbCount, integerOfLimbs } from '../kernel/limbs.ts'
import { montgomeryOne } from '../kernel/multiplyCode.ts'

export function projectiveBytes(group: GroupFunctions): number {
  return 3 * group.elementBytes
}

/** (0, 1, 0). */
export function infinity({ memory }: Kernel, group: GroupFunctions, out: number): void {
  memory.words.fill(0, out / 4, (out + projectiveBytes(group)) / 4)
  memory.putElement(out + group.elementBytes, montgomeryOne(baseFieldOrder))
}

export function addProjective(
  group: GroupFunctions,
  out: number,
  left: number,
  right: number,
): void {
  group.add(out, left, right)
}

/** out ← out + the affine point at `point`. */
export function addAffine(kernel: Kernel, group: GroupFunctions, out: number, point: number): void {
  const { memory } = kernel
  const coordinates = (2 * group.elementBytes) / 4
  const from = point / 4
  if (isInfinite(memory.words, from, coordinates)) return
  const mark = memory.mark()
  const projective = memory.take(projectiveBytes(group))
  memory.words.fill(0, projective / 4, (projective + projectiveBytes(group)) / 4)
  memory.words.copyWithin(projective / 4, from, from + coordinates)
  memory.putElement(projective + 2 * group.elementBytes, montgomeryOne(baseFieldOrder))
  group.add(out, out, projective)
  memory.release(mark)
}

/** out ← scalar·point, projective; `out` is not `point`. */
export function multiplyPoint(
  kernel: Kernel,
  group: GroupFunctions,
  out: number,
  point: number,
  scalar: bigint,
): void {
  infinity(kernel, group, out)
  for (const bit of scalar.toString(2)) {
    group.add(out, out, out)
    if (bit === '1') group.add(out, out, point)
  }
}

/** Coordinates x then y below q, c0 before c1; undefined for infinity. */
export function coordinatesOf(
  { memory, fq }: Kernel,
  group: GroupFunctions,
  point: number,
): readonly bigint[] | undefined {
  const mark = memory.mark()
  const size = group.elementBytes
  const inverse = memory.take(size)
  const affine = memory.take(2 * size)
  const plainOne = memory.take(elementBytes)
  memory.putElement(plainOne, 1n)
  group.fieldInverse(inverse, point + 2 * size)
  group.fieldMul(affine, point, inverse)
  group.fieldMul(affine + size, point + size, inverse)
  const count = (2 * size) / elementBytes
  fq.mulAll(count, affine, affine, plainOne, 0)
  fq.reduceAll(count, affine)
  const words = memory.words
  const values = Array.from({ length: count }, (_, index) =>
    integerOfLimbs(words, affine / 4 + index * limbCount),
  )
  memory.release(mark)
  return values.every((value) => value === 0n) ? undefined : values
}

function isInfinite(words: Uint32Array, from: number, count: number): boolean {
  for (let index = from + count / 2; index < from + count; index += 1) {
    if (words[index] !== 0) return false
  }
  return true
}
