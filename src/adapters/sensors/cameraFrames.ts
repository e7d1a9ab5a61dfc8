/**
 * Frames of a camera track on their way to the worker (SENS-2). Where `MediaStreamTrackProcessor`
 * exists its stream is made here, because tracks cannot be transferred, and handed over; elsewhere
 * a hidden video gives a bitmap for each frame.
 */

import type { CameraRequest } from '../../../workers/camera/protocol.ts'

interface TrackProcessor {
  readonly readable: ReadableStream<VideoFrame>
}

/** Not in the DOM types yet. */
interface WithTrackProcessor {
  readonly MediaStreamTrackProcessor?: new (init: {
    readonly track: MediaStreamTrack
    readonly maxBufferSize: number
  }) => TrackProcessor
}

/** A second of frames may wait while the worker looks for the face. */
const framesBuffered = 30

/** A stream to transfer; undefined where this browser has none. */
export function frameStream(track: MediaStreamTrack): ReadableStream<VideoFrame> | undefined {
  const { MediaStreamTrackProcessor } = globalThis as WithTrackProcessor
  if (MediaStreamTrackProcessor === undefined) return undefined
  return new MediaStreamTrackProcessor({ track, maxBufferSize: framesBuffered }).readable
}

/** Sends a bitmap of each frame; returns a function that stops. */
export function sendFrames(
  stream: MediaStream,
  send: (request: CameraRequest, transfer: Transferable[]) => void,
): () => void {
  const video = document.createElement('video')
  video.muted = true
  video.playsInline = true
  video.srcObject = stream
  let isStopped = false
  const next = (): void => {
    if (!isStopped) video.requestVideoFrameCallback(onFrame)
  }
  const onFrame = (_: number, { captureTime, mediaTime }: VideoFrameCallbackMetadata): void => {
    const timeMs = captureTime ?? mediaTime * 1000
    createImageBitmap(video).then(
      (bitmap) => {
        if (isStopped) bitmap.close()
        else send({ kind: 'frame', bitmap, timeMs }, [bitmap])
        next()
      },
      // The picture was not ready: the next one will be.
      next,
    )
  }
  next()
  // Rejected only when the stream ends first, which its track says itself.
  video.play().catch(() => undefined)
  return () => {
    isStopped = true
    video.srcObject = null
  }
}
