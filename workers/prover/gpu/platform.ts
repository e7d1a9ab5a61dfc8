/**
 * The parts of WebGPU that the prover uses, typed once: the worker is compiled for browsers and for
 * Node, and only the type world of browsers has them. Semantics: https://www.w3.org/TR/webgpu/.
 */

export interface GpuAdapterInfo {
  readonly vendor: string
  readonly architecture: string
  readonly device: string
  readonly description: string
  /** A processor that draws by software: slower than the prover without it. */
  readonly isFallbackAdapter?: boolean
}

export interface GpuLimits {
  readonly maxBufferSize: number
  readonly maxStorageBufferBindingSize: number
  readonly maxComputeWorkgroupsPerDimension: number
}

export interface GpuBuffer {
  readonly size: number
  mapAsync(mode: number): Promise<void>
  getMappedRange(): ArrayBuffer
  unmap(): void
  destroy(): void
}

/** Opaque. */
export interface GpuBindGroup {
  readonly label: string
}

export interface GpuPipeline {
  getBindGroupLayout(index: number): { readonly label: string }
}

interface ComputePass {
  setPipeline(pipeline: GpuPipeline): void
  setBindGroup(index: number, group: GpuBindGroup): void
  dispatchWorkgroups(countX: number): void
  end(): void
}

export interface GpuEncoder {
  beginComputePass(): ComputePass
  copyBufferToBuffer(
    source: GpuBuffer,
    sourceOffset: number,
    target: GpuBuffer,
    targetOffset: number,
    size: number,
  ): void
  finish(): { readonly label: string }
}

interface Queue {
  writeBuffer(buffer: GpuBuffer, offset: number, data: Uint32Array): void
  submit(commands: readonly { readonly label: string }[]): void
}

export interface GpuDevice {
  readonly limits: GpuLimits
  readonly lost: Promise<{ readonly message: string }>
  readonly queue: Queue
  createBuffer(descriptor: { readonly size: number; readonly usage: number }): GpuBuffer
  createShaderModule(descriptor: { readonly code: string }): { readonly label: string }
  createComputePipelineAsync(descriptor: {
    readonly layout: 'auto'
    readonly compute: {
      readonly module: { readonly label: string }
      readonly entryPoint: string
    }
  }): Promise<GpuPipeline>
  createBindGroup(descriptor: {
    readonly layout: { readonly label: string }
    readonly entries: readonly {
      readonly binding: number
      readonly resource: { readonly buffer: GpuBuffer }
    }[]
  }): GpuBindGroup
  createCommandEncoder(): GpuEncoder
  pushErrorScope(filter: 'validation' | 'out-of-memory' | 'internal'): void
  popErrorScope(): Promise<{ readonly message: string } | null>
  destroy(): void
}

export interface GpuAdapter {
  readonly info: GpuAdapterInfo
  readonly limits: GpuLimits
  requestDevice(descriptor: {
    readonly requiredLimits: Readonly<Record<string, number>>
  }): Promise<GpuDevice>
}

interface GpuEntry {
  requestAdapter(options: {
    readonly powerPreference: 'high-performance'
  }): Promise<GpuAdapter | null>
}

/** Flags of a buffer's use, and the mode of a mapping. */
export const bufferUsage = { mapRead: 1, copySource: 4, copyTarget: 8, uniform: 64, storage: 128 }
export const mapModeRead = 1

/** `navigator.gpu`; undefined in Node and where the browser has none. */
export function gpuEntry(): GpuEntry | undefined {
  const { navigator } = globalThis as { readonly navigator?: { readonly gpu?: GpuEntry } }
  return navigator?.gpu
}
