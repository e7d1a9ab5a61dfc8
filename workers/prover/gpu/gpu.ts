/**
 * One GPU device of the worker: buffers, pipelines, and work that is read back.
 *
 * Nothing here throws for what a device does: every fault has a code, and whoever gets one goes on
 * with the processor.
 */

import { assert } from '../../../src/core/base/assert.ts'
import { err, ok, type Result } from '../../../src/core/base/result.ts'
import type { AccelerationFault } from '../../../src/ports/prover.ts'
import {
  bufferUsage,
  gpuEntry,
  mapModeRead,
  type GpuAdapterInfo,
  type GpuBuffer,
  type GpuDevice,
  type GpuPipeline,
} from './platform.ts'
import { groupSize } from './transformCode.ts'

export type GpuResult<T> = Result<T, { readonly code: AccelerationFault }>

/** A module with one entry point, which is its name. */
export interface Shader {
  readonly name: string
  readonly code: string
}

/** One run of a shader; buffers by their bindings. */
export interface Dispatch {
  readonly shader: Shader
  readonly buffers: readonly GpuBuffer[]
  readonly threads: number
}

export interface Work {
  readonly dispatches: readonly Dispatch[]
  /** Words from the start of a buffer that are wanted. */
  readonly read: { readonly buffer: GpuBuffer; readonly words: number }
}

/** Makes buffers that live as long as the work does. */
export interface Buffers {
  /** A storage buffer, filled from its start. */
  storage(words: number, ...contents: readonly Uint32Array[]): GpuBuffer
  uniform(words: readonly [number, number, number, number]): GpuBuffer
}

export interface GpuOptions {
  /** Takes an adapter that draws by software too: for tests, since it is slower. */
  readonly allowsSoftware?: boolean
  /** A device that has said nothing for this long does not work: a proof is due in seconds. */
  readonly silentMs?: number
}

const silentMsDefault = 5_000
const scopes = ['validation', 'out-of-memory', 'internal'] as const

export class Gpu implements Buffers {
  readonly info: GpuAdapterInfo
  readonly #device: GpuDevice
  readonly #silentMs: number
  readonly #pipelines = new Map<string, GpuPipeline>()
  #isLost = false

  private constructor(info: GpuAdapterInfo, device: GpuDevice, silentMs: number) {
    this.info = info
    this.#device = device
    this.#silentMs = silentMs
    void device.lost.then(() => {
      this.#isLost = true
    })
  }

  static async open({ allowsSoftware, silentMs }: GpuOptions): Promise<GpuResult<Gpu>> {
    try {
      const adapter = await gpuEntry()?.requestAdapter({ powerPreference: 'high-performance' })
      if (adapter === undefined || adapter === null) return err({ code: 'GPU_ABSENT' })
      const { info } = adapter
      if (info.isFallbackAdapter === true && allowsSoftware !== true)
        return err({ code: 'GPU_SOFTWARE' })
      const device = await adapter.requestDevice({ requiredLimits: {} })
      return ok(new Gpu(info, device, silentMs ?? silentMsDefault))
    } catch {
      return err({ code: 'GPU_FAILED' })
    }
  }

  /** Whether a storage buffer can have that many words, and a dispatch that many threads. */
  holds({ words, threads }: { readonly words: number; readonly threads: number }): boolean {
    const { maxBufferSize, maxStorageBufferBindingSize, maxComputeWorkgroupsPerDimension } =
      this.#device.limits
    const bytesMax = Math.min(maxBufferSize, maxStorageBufferBindingSize)
    return 4 * words <= bytesMax && threads <= groupSize * maxComputeWorkgroupsPerDimension
  }

  storage(words: number, ...contents: readonly Uint32Array[]): GpuBuffer {
    const usage = bufferUsage.storage | bufferUsage.copySource | bufferUsage.copyTarget
    // A binding of no bytes is invalid.
    const buffer = this.#device.createBuffer({ size: Math.max(16, 4 * words), usage })
    let offset = 0
    for (const content of contents) {
      this.#device.queue.writeBuffer(buffer, offset, content)
      offset += content.byteLength
    }
    return buffer
  }

  uniform(words: readonly [number, number, number, number]): GpuBuffer {
    const usage = bufferUsage.uniform | bufferUsage.copyTarget
    const buffer = this.#device.createBuffer({ size: 16, usage })
    this.#device.queue.writeBuffer(buffer, 0, Uint32Array.from(words))
    return buffer
  }

  /** Compiles what work will need; slow the first time. */
  async prepare(shaders: readonly Shader[]): Promise<GpuResult<void>> {
    const missing = shaders.filter(({ code }) => !this.#pipelines.has(code))
    const made = await this.#answered(() => {
      const compiled = missing.map(({ name, code }) => {
        const module = this.#device.createShaderModule({ code })
        const compute = { module, entryPoint: name }
        return this.#device.createComputePipelineAsync({ layout: 'auto', compute })
      })
      return Promise.all(compiled)
    })
    if (!made.ok) return made
    missing.forEach(({ code }, index) => {
      const pipeline = made.value[index]
      if (pipeline !== undefined) this.#pipelines.set(code, pipeline)
    })
    return ok(undefined)
  }

  /**
   * Has submitted the work when it returns; its shaders are prepared. Buffers that `plan` makes by
   * its argument are destroyed at the end, those of the device itself stay until it is closed.
   */
  async perform(plan: (make: Buffers) => Work): Promise<GpuResult<Uint32Array>> {
    const temporary: GpuBuffer[] = []
    const keep = (buffer: GpuBuffer): GpuBuffer => {
      temporary.push(buffer)
      return buffer
    }
    const make: Buffers = {
      storage: (words, ...contents) => keep(this.storage(words, ...contents)),
      uniform: (words) => keep(this.uniform(words)),
    }
    const done = await this.#answered(() => this.#submit(plan(make), keep))
    for (const buffer of temporary) buffer.destroy()
    return done
  }

  async #submit(
    { dispatches, read }: Work,
    keep: (buffer: GpuBuffer) => GpuBuffer,
  ): Promise<Uint32Array> {
    const size = 4 * read.words
    const usage = bufferUsage.mapRead | bufferUsage.copyTarget
    const target = keep(this.#device.createBuffer({ size, usage }))
    const encoder = this.#device.createCommandEncoder()
    const pass = encoder.beginComputePass()
    for (const { shader, buffers, threads } of dispatches) {
      const pipeline = this.#pipelines.get(shader.code)
      assert(pipeline !== undefined, 'a shader is prepared before it is dispatched')
      if (threads === 0) continue
      pass.setPipeline(pipeline)
      pass.setBindGroup(0, this.#bind(pipeline, buffers))
      pass.dispatchWorkgroups(Math.ceil(threads / groupSize))
    }
    pass.end()
    encoder.copyBufferToBuffer(read.buffer, 0, target, 0, size)
    this.#device.queue.submit([encoder.finish()])
    await target.mapAsync(mapModeRead)
    return new Uint32Array(target.getMappedRange().slice(0))
  }

  close(): void {
    this.#device.destroy()
  }

  #hasLost(): boolean {
    return this.#isLost
  }

  #bind(
    pipeline: GpuPipeline,
    buffers: readonly GpuBuffer[],
  ): ReturnType<GpuDevice['createBindGroup']> {
    return this.#device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
    })
  }

  /**
   * Errors of a device come by scopes, by a rejection, by its loss, or not at all. `work` does what
   * it asks of the device before it returns, so that scopes of two works never cross.
   */
  async #answered<T>(work: () => Promise<T>): Promise<GpuResult<T>> {
    if (this.#hasLost()) return err({ code: 'GPU_LOST' })
    let timer: ReturnType<typeof setTimeout> | undefined
    const silence = new Promise<undefined>((resolve) => {
      timer = setTimeout(resolve, this.#silentMs, undefined)
    })
    try {
      for (const filter of scopes) this.#device.pushErrorScope(filter)
      const working = work()
      const errors = Promise.all(scopes.map(() => this.#device.popErrorScope()))
      const answer = Promise.all([working, errors])
      // Rejected after the silence, too: nobody else listens.
      answer.catch(() => undefined)
      const answered = await Promise.race([answer, silence])
      if (answered === undefined) return err({ code: 'GPU_SILENT' })
      const [value, found] = answered
      return found.some((error) => error !== null) ? err({ code: 'GPU_FAILED' }) : ok(value)
    } catch {
      // The loss is told by a promise of its own, which may come a little later.
      await Promise.race([this.#device.lost, new Promise((resolve) => setTimeout(resolve, 100))])
      return err({ code: this.#hasLost() ? 'GPU_LOST' : 'GPU_FAILED' })
    } finally {
      clearTimeout(timer)
    }
  }
}
