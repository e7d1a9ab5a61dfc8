/** The quotient of the GPU against the kernel's, to the bit. */
import { fieldOrder } from '../../../src/core/emotion/field.ts'
import type { Gpu } from '../../../workers/prover/gpu/gpu.ts'
import {
  loadDomain,
  quotientOnGpu,
  transformShaders,
} from '../../../workers/prover/gpu/transforms.ts'
import { createDomain, quotientOf } from '../../../workers/prover/groth16/quotient.ts'
import { createKernel } from '../../../workers/prover/kernel/kernel.ts'
import { elementBytes } from '../../../workers/prover/kernel/limbs.ts'
import { putMontgomery, seededIntegers } from '../../../workers/prover/kernel/memory.fixture.ts'

const edges = [0n, 1n, fieldOrder - 1n]

/** What is not as it should be, for random vectors of `size` with edges at their ends. */
export async function checkQuotient(gpu: Gpu, size: number): Promise<readonly string[]> {
  const kernel = createKernel()
  const { memory } = kernel
  const prepared = await gpu.prepare(transformShaders)
  if (!prepared.ok) return [prepared.error.code]
  const domain = createDomain(kernel, size)
  const loaded = await loadDomain(gpu, kernel, domain)
  if (!loaded.ok) return [loaded.error.code]
  const next = seededIntegers(size)
  const [a, b, out] = [0, 1, 2].map(() => memory.take(size * elementBytes)) as [
    number,
    number,
    number,
  ]
  for (const vector of [a, b]) {
    for (let index = 0; index < size; index += 1) {
      const value = edges[index] ?? edges[size - 1 - index] ?? next(fieldOrder)
      putMontgomery(kernel, vector + index * elementBytes, value, fieldOrder)
    }
  }
  const done = await quotientOnGpu(gpu, kernel, loaded.value, { a, b, out })
  if (!done.ok) return [done.error.code]
  const expected = quotientOf(kernel, domain, { a, b })
  const words = (size * elementBytes) / 4
  const [given, wanted] = [out, expected].map((at) => memory.words.subarray(at / 4, at / 4 + words))
  const index = given?.findIndex((word, at) => word !== wanted?.[at]) ?? 0
  const isBlank = given?.every((word) => word === 0) ?? true
  if (isBlank) return ['the quotient of random vectors is zero']
  return index < 0 ? [] : [`size ${String(size)}: word ${String(index)} differs`]
}
