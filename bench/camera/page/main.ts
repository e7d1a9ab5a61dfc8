/** The page of the camera bench: the product's camera with its preview, or landmarks each frame. */

import { Camera } from '../../../src/adapters/sensors/camera.ts'
import { frameStream } from '../../../src/adapters/sensors/cameraFrames.ts'
import { openCameraStream } from '../../../src/adapters/sensors/cameraStream.ts'
import type { Clock } from '../../../src/ports/clock.ts'
import type { RegionReply, RegionTimes } from './regionsWorker.ts'

const clock: Clock = {
  nowMs: () => Date.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs)
    return () => {
      clearTimeout(timer)
    }
  },
}

const violations: string[] = []
addEventListener('securitypolicyviolation', ({ violatedDirective }) => {
  violations.push(violatedDirective)
})

let framesPerSecond = 0
let regionCount = 0
let searched = 0

async function preview(stream: MediaStream): Promise<void> {
  const video = document.querySelector('video')
  if (video === null) return
  video.srcObject = stream
  await video.play()
}

async function openFrames(): Promise<{
  readonly stream: MediaStream
  readonly frames: ReadableStream<VideoFrame>
}> {
  const stream = await openCameraStream('face')
  const track = stream.ok ? stream.value.getVideoTracks()[0] : undefined
  const frames = track === undefined ? undefined : frameStream(track)
  if (!stream.ok || frames === undefined) throw new Error('no frames')
  return { stream: stream.value, frames }
}

export const bench = {
  violations,
  /** What the camera says of itself: 0 until it has read for a second. */
  framesPerSecond: (): number => framesPerSecond,
  regionCount: (): number => regionCount,
  /** Frames that were searched for landmarks. */
  searched: (): number => searched,
  async camera(mode: 'face' | 'oval'): Promise<void> {
    const camera = new Camera(clock, mode)
    camera.onEvent((event) => {
      if (event.kind === 'quality') framesPerSecond = event.framesPerSecond ?? 0
    })
    camera.onRegions((regions) => {
      regionCount = regions.length
    })
    const started = await camera.start()
    if (!started.ok) throw new Error(started.error.code)
    if (camera.stream !== undefined) await preview(camera.stream)
  },
  async landmarks(): Promise<void> {
    const { stream, frames } = await openFrames()
    const worker = new Worker(new URL('./landmarksWorker.ts', import.meta.url), { type: 'module' })
    worker.addEventListener('message', ({ data }: MessageEvent<number>) => {
      searched = data
    })
    worker.postMessage(frames, [frames])
    await preview(stream)
  },
  /** The first `count` frames, each read by the processor and by WebGPU. */
  async regions(count: number): Promise<readonly RegionTimes[]> {
    const { frames } = await openFrames()
    const worker = new Worker(new URL('./regionsWorker.ts', import.meta.url), { type: 'module' })
    const replies: RegionTimes[] = []
    return new Promise((resolve, reject) => {
      worker.addEventListener('error', ({ message }) => {
        reject(new Error(message))
      })
      worker.addEventListener('message', ({ data }: MessageEvent<RegionReply>) => {
        if (data === 'absent') resolve([])
        else if ('failed' in data) reject(new Error(data.failed))
        else replies.push(data)
        if (replies.length === count) resolve(replies)
      })
      worker.postMessage(frames, [frames])
    })
  },
}

Object.assign(globalThis, { bench })
