/**
 * The prover's part that runs on a GPU (ZK-11). A chunk of its own: loaded only where there is an
 * adapter and the choice is made for it, or is to be made.
 */

import { ok } from '../../../src/core/base/result.ts'
import type { Random } from '../../../src/ports/random.ts'
import { GpuAccelerator, type LoadedKey } from './accelerator.ts'
import { Gpu, type GpuOptions, type GpuResult } from './gpu.ts'
import { measure } from './measure.ts'

export class GpuProver {
  readonly #gpu: Gpu

  private constructor(gpu: Gpu) {
    this.#gpu = gpu
  }

  static async open(options: GpuOptions): Promise<GpuResult<GpuProver>> {
    const gpu = await Gpu.open(options)
    return gpu.ok ? ok(new GpuProver(gpu.value)) : gpu
  }

  accelerator(loaded: LoadedKey): Promise<GpuResult<GpuAccelerator>> {
    return GpuAccelerator.load(this.#gpu, loaded)
  }

  /** On points of a loaded key, which is only read. */
  measure(
    { kernel, key }: LoadedKey,
    options: { readonly random: Random; readonly signal: AbortSignal },
  ): ReturnType<typeof measure> {
    return measure(this.#gpu, kernel, key.h, options)
  }

  close(): void {
    this.#gpu.close()
  }
}
