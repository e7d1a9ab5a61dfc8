/**
 * Each frame's skin read twice, by the processor as the product does it and by a GPU, in turns who
 * is first: how long from the frame to three numbers, and how far these are apart.
 */

import { ovalRegion } from '../../../workers/camera/regions.ts'
import { SkinReader, type Color } from '../../../workers/camera/skinColor.ts'
import { GpuRegions } from './gpuRegions.ts'

export interface RegionTimes {
  readonly adapter: string
  /** How the frame came to it. */
  readonly way: 'copied' | 'uploaded'
  readonly cpuMs: number
  readonly gpuMs: number
  /** The most of the three, in levels of 255. */
  readonly levelsApart: number
}

/** Without an adapter there is nothing to compare. */
export type RegionReply = RegionTimes | 'absent' | { readonly failed: string }

async function readAll(frames: ReadableStream<VideoFrame>): Promise<void> {
  const gpu = await GpuRegions.create()
  if (gpu === undefined) {
    postMessage('absent' satisfies RegionReply)
    return
  }
  const skin = new SkinReader()
  const source = frames.getReader()
  for (let count = 0; ; count += 1) {
    const { value: frame, done } = await source.read()
    if (done) return
    try {
      const regions = [ovalRegion(frame.codedWidth, frame.codedHeight)]
      const onCpu = (): Promise<Timed> => timed(() => skin.read(frame, regions))
      const onGpu = (): Promise<Timed> => timed(() => gpu.read(frame, regions))
      const [first, second] = count % 2 === 0 ? [onCpu, onGpu] : [onGpu, onCpu]
      const [one, other] = [await first(), await second()]
      const [cpu, fromGpu] = count % 2 === 0 ? [one, other] : [other, one]
      const levelsApart = apart(cpu.color, fromGpu.color)
      const { adapter, way } = gpu
      const reply = { adapter, way, cpuMs: cpu.ms, gpuMs: fromGpu.ms, levelsApart }
      postMessage(reply satisfies RegionReply)
    } finally {
      frame.close()
    }
  }
}

interface Timed {
  readonly color: Color | undefined
  readonly ms: number
}

async function timed(read: () => Promise<Color | undefined>): Promise<Timed> {
  const startMs = performance.now()
  const color = await read()
  return { color, ms: performance.now() - startMs }
}

function apart(one: Color | undefined, other: Color | undefined): number {
  if (one === undefined || other === undefined) return Infinity
  return Math.max(...(['r', 'g', 'b'] as const).map((key) => Math.abs(one[key] - other[key])))
}

addEventListener('message', ({ data }: MessageEvent<ReadableStream<VideoFrame>>) => {
  readAll(data).catch((error: unknown) => {
    postMessage({ failed: String(error) } satisfies RegionReply)
  })
})
