/**
 * Mean colour of regions on a GPU, as `SkinReader` has it on the processor: the same pixels, their
 * sums in whole levels. For the bench alone; no product code makes use of it (decision 0052).
 */

import type { Region } from '../../../workers/camera/protocol.ts'
import { pixelsOf, type Color } from '../../../workers/camera/skinColor.ts'

const side = 16
/** Of a region: left, top, width, height in pixels, and 1 where it is an ellipse. */
const uniformBytes = 32
const sumBytes = 16
const regionsMax = 4
const format = 'rgba8unorm'

const code = `
struct Region { left: u32, top: u32, width: u32, height: u32, ellipse: u32 }
@group(0) @binding(0) var frame: texture_2d<f32>;
@group(0) @binding(1) var<uniform> region: Region;
@group(0) @binding(2) var<storage, read_write> sums: array<atomic<u32>, 4>;
var<workgroup> part: array<atomic<u32>, 4>;

@compute @workgroup_size(${String(side)}, ${String(side)})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(local_invocation_index) index: u32) {
  let size = vec2f(f32(region.width), f32(region.height));
  let at = (2.0 * (vec2f(id.xy) + 0.5)) / size - 1.0;
  let inside = id.x < region.width && id.y < region.height;
  if (inside && (region.ellipse == 0u || dot(at, at) <= 1.0)) {
    let place = vec2i(vec2u(region.left, region.top) + id.xy);
    let level = vec3u(round(255.0 * textureLoad(frame, place, 0).rgb));
    atomicAdd(&part[0], level.r);
    atomicAdd(&part[1], level.g);
    atomicAdd(&part[2], level.b);
    atomicAdd(&part[3], 1u);
  }
  workgroupBarrier();
  if (index < 4u) { atomicAdd(&sums[index], atomicLoad(&part[index])); }
}
`

export class GpuRegions {
  readonly adapter: string
  /** How a frame comes to the GPU. */
  way: 'copied' | 'uploaded' = 'copied'
  readonly #device: GPUDevice
  readonly #pipeline: GPUComputePipeline
  readonly #uniforms: readonly GPUBuffer[]
  readonly #sums: GPUBuffer
  readonly #read: GPUBuffer
  #texture: GPUTexture | undefined
  #pixels = new Uint8Array(0)

  private constructor(adapter: string, device: GPUDevice, pipeline: GPUComputePipeline) {
    const { UNIFORM, STORAGE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage
    this.adapter = adapter
    this.#device = device
    this.#pipeline = pipeline
    this.#uniforms = Array.from({ length: regionsMax }, () =>
      device.createBuffer({ size: uniformBytes, usage: UNIFORM | COPY_DST }),
    )
    const usage = STORAGE | COPY_SRC | COPY_DST
    this.#sums = device.createBuffer({ size: sumBytes, usage })
    this.#read = device.createBuffer({ size: sumBytes, usage: MAP_READ | COPY_DST })
  }

  /** Undefined where the browser offers no adapter. */
  static async create(): Promise<GpuRegions | undefined> {
    const gpu = (navigator as { readonly gpu?: GPU }).gpu
    const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' })
    if (!adapter) return undefined
    const device = await adapter.requestDevice()
    const pipeline = await device.createComputePipelineAsync({
      layout: 'auto',
      compute: { module: device.createShaderModule({ code }), entryPoint: 'main' },
    })
    const { vendor, architecture, description } = adapter.info
    const name = [vendor, architecture, description].filter((part) => part !== '').join(' ')
    return new GpuRegions(name, device, pipeline)
  }

  /** Of up to four regions. */
  async read(frame: VideoFrame, regions: readonly Region[]): Promise<Color> {
    const texture = await this.#load(frame)
    const encoder = this.#device.createCommandEncoder()
    encoder.clearBuffer(this.#sums)
    const pass = encoder.beginComputePass()
    pass.setPipeline(this.#pipeline)
    regions.slice(0, regionsMax).forEach((region, at) => {
      const uniform = this.#uniforms[at]
      if (uniform === undefined) return
      const rectangle = pixelsOf(region, frame.codedWidth, frame.codedHeight)
      if (rectangle === undefined) return
      const { x, y, width, height } = rectangle
      const ellipse = region.shape === 'ellipse' ? 1 : 0
      const words = Uint32Array.of(x, y, width, height, ellipse)
      this.#device.queue.writeBuffer(uniform, 0, words)
      const entries = [
        { binding: 0, resource: texture.createView() },
        { binding: 1, resource: { buffer: uniform } },
        { binding: 2, resource: { buffer: this.#sums } },
      ]
      const layout = this.#pipeline.getBindGroupLayout(0)
      pass.setBindGroup(0, this.#device.createBindGroup({ layout, entries }))
      pass.dispatchWorkgroups(Math.ceil(width / side), Math.ceil(height / side))
    })
    pass.end()
    encoder.copyBufferToBuffer(this.#sums, 0, this.#read, 0, sumBytes)
    this.#device.queue.submit([encoder.finish()])
    await this.#read.mapAsync(GPUMapMode.READ)
    const [r = 0, g = 0, b = 0, count = 0] = new Uint32Array(this.#read.getMappedRange().slice(0))
    this.#read.unmap()
    return { r: r / count, g: g / count, b: b / count }
  }

  /** A GPU copies the frame by itself; an adapter of software takes none, and gets its pixels. */
  async #load(frame: VideoFrame): Promise<GPUTexture> {
    const { codedWidth: width, codedHeight: height } = frame
    const texture = this.#textureOf(width, height)
    if (this.way === 'copied') {
      try {
        const to = { texture }
        this.#device.queue.copyExternalImageToTexture({ source: frame }, to, [width, height])
        return texture
      } catch {
        this.way = 'uploaded'
      }
    }
    const bytesPerRow = 4 * width
    if (this.#pixels.length < bytesPerRow * height) {
      this.#pixels = new Uint8Array(bytesPerRow * height)
    }
    await frame.copyTo(this.#pixels, { format: 'RGBA' })
    const layout = { bytesPerRow, rowsPerImage: height }
    this.#device.queue.writeTexture({ texture }, this.#pixels, layout, [width, height])
    return texture
  }

  #textureOf(width: number, height: number): GPUTexture {
    if (this.#texture?.width !== width || this.#texture.height !== height) {
      const { COPY_DST, RENDER_ATTACHMENT, TEXTURE_BINDING } = GPUTextureUsage
      const usage = COPY_DST | RENDER_ATTACHMENT | TEXTURE_BINDING
      this.#texture?.destroy()
      this.#texture = this.#device.createTexture({ size: [width, height], format, usage })
    }
    return this.#texture
  }
}
