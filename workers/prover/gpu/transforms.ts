/**
 * The quotient on the GPU: the same scalars as `quotientScalars` of `groth16/quotient.ts`, to the
 * bit. A·w and B·w come from the processor: sparse rows take little time there, and the matrices
 * would have to be kept twice.
 */

import { fieldOrder } from '../../../src/core/emotion/field.ts'
import type { Kernel } from '../kernel/kernel.ts'
import {
  elementBytes as kernelBytes,
  limbCount as kernelLimbs,
  packLimbs,
} from '../kernel/limbs.ts'
import type { Domain } from '../groth16/quotient.ts'
import { convertCode } from './convertCode.ts'
import type { Buffers, Dispatch, Gpu, GpuResult, Shader } from './gpu.ts'
import { wordCount } from './limbs.ts'
import type { GpuBuffer } from './platform.ts'
import { transformCode } from './transformCode.ts'

const convert: Shader = { name: 'convert', code: convertCode(fieldOrder) }
const shaderOf = (name: keyof typeof transformCode): Shader => ({
  name,
  code: transformCode[name],
})
const [stageDown, stageUp, scale, product, finish] = [
  shaderOf('stageDown'),
  shaderOf('stageUp'),
  shaderOf('scale'),
  shaderOf('product'),
  shaderOf('finish'),
]

export const transformShaders = [convert, stageDown, stageUp, scale, product, finish] as const

/** Tables of a domain on the GPU. */
export interface GpuDomain {
  readonly size: number
  readonly roots: GpuBuffer
  readonly inverseRoots: GpuBuffer
  readonly shifts: GpuBuffer
}

/** Elements of the kernel's memory, as `convert` reads them. */
export function kernelElements({ memory }: Kernel, address: number, count: number): Uint32Array {
  return memory.words.subarray(address / 4, address / 4 + count * kernelLimbs)
}

/** Copies the tables; the shaders are prepared. */
export async function loadDomain(
  gpu: Gpu,
  kernel: Kernel,
  domain: Domain,
): Promise<GpuResult<GpuDomain>> {
  const { size } = domain
  const tables = [
    [domain.roots, size / 2],
    [domain.inverseRoots, size / 2],
    [domain.shifts, size],
  ] as const
  const targets = tables.map(([, count]) => gpu.storage(count * wordCount)) as [
    GpuBuffer,
    GpuBuffer,
    GpuBuffer,
  ]
  const loaded = await gpu.perform((make) => ({
    dispatches: tables.map(([address, count], index): Dispatch => {
      const source = make.storage(count * kernelLimbs, kernelElements(kernel, address, count))
      const buffers = [make.uniform([count, 0, 0, 0]), targets[index] ?? source, source]
      return { shader: convert, buffers, threads: count }
    }),
    read: { buffer: targets[0], words: 1 },
  }))
  if (!loaded.ok) return loaded
  const [roots, inverseRoots, shifts] = targets
  return { ok: true, value: { size, roots, inverseRoots, shifts } }
}

/**
 * Plain limbs of the quotient's scalars below r to `out` in the kernel's memory, `domain.size` of
 * them; `a` and `b` are A·w and B·w there.
 */
export async function quotientOnGpu(
  gpu: Gpu,
  kernel: Kernel,
  domain: GpuDomain,
  { a, b, out }: { readonly a: number; readonly b: number; readonly out: number },
): Promise<GpuResult<void>> {
  const { size } = domain
  const done = await gpu.perform((make) => {
    const sources = [kernelElements(kernel, a, size), kernelElements(kernel, b, size)]
    const source = make.storage(2 * size * kernelLimbs, ...sources)
    const vectors = make.storage(3 * size * wordCount)
    const load = { shader: convert, threads: 2 * size }
    return {
      dispatches: [
        { ...load, buffers: [make.uniform([2 * size, 0, 0, 0]), vectors, source] },
        ...quotientDispatches(make, domain, vectors),
      ],
      read: { buffer: vectors, words: size * wordCount },
    }
  })
  if (!done.ok) return done
  const words = kernel.memory.words
  for (let index = 0; index < size; index += 1) {
    packLimbs(done.value, index * wordCount, words, (out + index * kernelBytes) / 4)
  }
  return { ok: true, value: undefined }
}

function quotientDispatches(
  make: Buffers,
  domain: GpuDomain,
  vectors: GpuBuffer,
): readonly Dispatch[] {
  const { size, roots, inverseRoots, shifts } = domain
  const step = (shader: Shader, threads: number, table: GpuBuffer, half: number): Dispatch => ({
    shader,
    threads,
    buffers: [
      make.uniform([size, threads, half, half === 0 ? 0 : size / 2 / half]),
      vectors,
      table,
    ],
  })
  const halves: number[] = []
  for (let half = 1; half < size; half *= 2) halves.push(half)
  const butterflies = 3 * (size / 2)
  return [
    step(product, size, shifts, 0),
    ...halves.toReversed().map((half) => step(stageDown, butterflies, inverseRoots, half)),
    step(scale, 3 * size, shifts, 0),
    ...halves.map((half) => step(stageUp, butterflies, roots, half)),
    step(finish, size, shifts, 0),
  ]
}
