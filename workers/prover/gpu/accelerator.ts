/** The large sums of a proof on a GPU: a key's points and a domain's tables, kept there (ZK-6). */

import { assert } from '../../../src/core/base/assert.ts'
import { err, ok } from '../../../src/core/base/result.ts'
import type { Accelerated, Accelerator } from '../groth16/accelerator.ts'
import type { Terms } from '../groth16/multiScalar.ts'
import type { ProvingKey } from '../groth16/provingKey.ts'
import type { Domain } from '../groth16/quotient.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { limbCount as kernelLimbs } from '../kernel/limbs.ts'
import type { Gpu, GpuResult } from './gpu.ts'
import type { GpuBuffer } from './platform.ts'
import { loadPoints, sumShaders, sumsOnGpu } from './sums.ts'
import type { PlannedTerms } from './sumPlan.ts'
import { loadDomain, quotientOnGpu, transformShaders, type GpuDomain } from './transforms.ts'

/** What an accelerator is made for: a key and its domain in the memory of a kernel. */
export interface LoadedKey {
  readonly kernel: Kernel
  readonly key: ProvingKey
  readonly domain: Domain
}

export class GpuAccelerator implements Accelerator {
  readonly #gpu: Gpu
  readonly #kernel: Kernel
  readonly #domain: GpuDomain
  readonly #points: GpuBuffer
  /** Number of a table's first point on the GPU, by its address in the kernel's memory. */
  readonly #firstPoints: ReadonlyMap<number, number>

  private constructor(
    gpu: Gpu,
    kernel: Kernel,
    domain: GpuDomain,
    points: GpuBuffer,
    firstPoints: ReadonlyMap<number, number>,
  ) {
    this.#gpu = gpu
    this.#kernel = kernel
    this.#domain = domain
    this.#points = points
    this.#firstPoints = firstPoints
  }

  static async load(
    gpu: Gpu,
    { kernel, key, domain }: LoadedKey,
  ): Promise<GpuResult<GpuAccelerator>> {
    const tables = [key.a, key.b1, key.c, key.h]
    const firstPoints = new Map<number, number>()
    let count = 0
    for (const { address, scalarIndexes } of tables) {
      // A table without points has the address of the next one.
      if (scalarIndexes.length > 0) firstPoints.set(address, count)
      count += scalarIndexes.length
    }
    const words = Math.max(2 * count * kernelLimbs, 3 * domain.size * kernelLimbs)
    if (!gpu.holds({ words, threads: 2 * count })) return err({ code: 'GPU_LIMITS' })
    const prepared = await gpu.prepare([...transformShaders, ...sumShaders])
    if (!prepared.ok) return prepared
    const loaded = await loadDomain(gpu, kernel, domain)
    if (!loaded.ok) return loaded
    const points = await loadPoints(gpu, kernel, tables)
    if (!points.ok) return points
    return ok(new GpuAccelerator(gpu, kernel, loaded.value, points.value, firstPoints))
  }

  quotient(vectors: { readonly a: number; readonly b: number; readonly out: number }): Accelerated {
    return quotientOnGpu(this.#gpu, this.#kernel, this.#domain, vectors)
  }

  sums(groups: readonly (readonly Terms[])[], outs: readonly number[]): Accelerated {
    const planned = groups.map((terms) => terms.map((one) => this.#place(one)))
    return sumsOnGpu(this.#gpu, this.#kernel, this.#points, planned, outs)
  }

  release(): void {
    const { roots, inverseRoots, shifts } = this.#domain
    for (const buffer of [roots, inverseRoots, shifts, this.#points]) buffer.destroy()
  }

  #place({ points: { address, scalarIndexes }, digits }: Terms): PlannedTerms {
    const first = scalarIndexes.length === 0 ? 0 : this.#firstPoints.get(address)
    assert(first !== undefined, 'a table on the GPU is one of the key')
    return { first, scalarIndexes, digits }
  }
}
