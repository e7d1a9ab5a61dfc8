/** The camera worker: frames come in, what they show goes out (`protocol.ts`). */

import { CameraReader } from './cameraReader.ts'
import type { CameraReply, CameraRequest } from './protocol.ts'

declare const self: DedicatedWorkerGlobalScope

const reply = (message: CameraReply): void => {
  self.postMessage(message)
}

let reader: CameraReader | undefined

self.addEventListener('message', ({ data }: MessageEvent<CameraRequest>) => {
  switch (data.kind) {
    case 'start':
      reader = new CameraReader(data.mode, loadFinder, reply)
      if (data.frames !== undefined) readFrames(reader, data.frames).catch(failed)
      break
    case 'frame':
      readBitmap(data.bitmap, data.timeMs).catch(failed)
      break
    case 'mode':
      reader?.setMode(data.mode)
      break
    case 'faceBegin':
      reader?.beginFace(data.challenge, data.round)
      break
    case 'faceJudge':
      reader?.judgeFace(data.question)
      break
    case 'faceEnd':
      reader?.endFace()
      break
  }
})

function failed(): void {
  const event = {
    kind: 'status',
    timeMs: Date.now(),
    state: 'lost',
    reason: 'WORKER_FAILED',
  } as const
  reply({ kind: 'event', event })
}

async function loadFinder() {
  const { FaceFinder } = await import('./faceFinder.ts')
  return FaceFinder.load()
}

async function readFrames(to: CameraReader, frames: ReadableStream<VideoFrame>): Promise<void> {
  const source = frames.getReader()
  for (;;) {
    const { value: frame, done } = await source.read()
    if (done) return
    try {
      // Timestamps are in microseconds.
      await to.read(frame, frame.timestamp / 1000)
    } finally {
      frame.close()
    }
  }
}

async function readBitmap(bitmap: ImageBitmap, timeMs: number): Promise<void> {
  try {
    await reader?.read(bitmap, timeMs)
  } finally {
    bitmap.close()
  }
}
