/**
 * The worker that reads the pulse, with the frames of one opened camera (SENS-2): each time that
 * the camera is opened it is a new one.
 */

import type { CameraMode, CameraReply, CameraRequest } from '../../../workers/camera/protocol.ts'
import { frameStream, sendFrames } from './cameraFrames.ts'

export interface CameraWorker {
  readonly send: (request: CameraRequest) => void
  readonly close: () => void
}

export function startCameraWorker(options: {
  readonly stream: MediaStream
  readonly track: MediaStreamTrack
  readonly mode: CameraMode
  readonly onReply: (reply: CameraReply) => void
  readonly onFailed: () => void
}): CameraWorker {
  const { stream, track, mode, onReply, onFailed } = options
  const worker = new Worker(new URL('../../../workers/camera/worker.ts', import.meta.url), {
    type: 'module',
  })
  worker.addEventListener('message', ({ data }: MessageEvent<CameraReply>) => {
    onReply(data)
  })
  worker.addEventListener('error', onFailed)
  const send = (request: CameraRequest, transfer: Transferable[] = []): void => {
    worker.postMessage(request, transfer)
  }
  const frames = frameStream(track)
  if (frames === undefined) send({ kind: 'start', mode })
  else send({ kind: 'start', mode, frames }, [frames])
  const stopFrames = frames === undefined ? sendFrames(stream, send) : undefined
  const close = (): void => {
    stopFrames?.()
    worker.terminate()
  }
  return { send, close }
}
