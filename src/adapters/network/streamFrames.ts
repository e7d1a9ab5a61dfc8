/** Frames over a libp2p stream, with bounds on size and time (NET-3, NET-6). */
import type { Stream } from '@libp2p/interface'
import { err, ok, type Result } from '../../core/base/result.ts'
import { frame, FrameReader, type FrameTooLong } from './framing.ts'

export interface FrameEvents {
  readonly onFrame: (bytes: Uint8Array) => void
  /** More than the protocol allows; the stream is aborted already. */
  readonly onViolation: (error: FrameTooLong) => void
  /** The stream ended; `complete` is false when it ended inside a frame. */
  readonly onEnd: (complete: boolean) => void
}

export function listenFrames(stream: Stream, bytesMax: number, events: FrameEvents): void {
  const reader = new FrameReader(bytesMax)
  let ended = false
  const end = (): void => {
    if (ended) return
    ended = true
    events.onEnd(reader.bufferedBytes === 0)
  }
  stream.addEventListener('message', (event) => {
    if (ended) return
    const result = reader.push(event.data.subarray())
    if (!result.ok) {
      ended = true
      stream.abort(new Error(result.error.code))
      events.onViolation(result.error)
      return
    }
    for (const bytes of result.value) events.onFrame(bytes)
  })
  stream.addEventListener('end', end)
  stream.addEventListener('close', end)
  if (stream.readableEnded) end()
}

export type ReadFrameError =
  FrameTooLong | { readonly code: 'STREAM_ENDED' } | { readonly code: 'READ_TIMEOUT' }

/** The first frame of a stream; whatever follows it is ignored. */
export function readFrame(
  stream: Stream,
  bytesMax: number,
  signal: AbortSignal,
): Promise<Result<Uint8Array, ReadFrameError>> {
  return new Promise((resolve) => {
    const onAbort = (): void => {
      resolve(err({ code: 'READ_TIMEOUT' }))
    }
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    listenFrames(stream, bytesMax, {
      onFrame: (bytes) => {
        signal.removeEventListener('abort', onAbort)
        resolve(ok(bytes))
      },
      onViolation: (error) => {
        resolve(err(error))
      },
      onEnd: () => {
        resolve(err({ code: 'STREAM_ENDED' }))
      },
    })
  })
}

/** Hands one frame to the stream and waits until it may be written to again. */
export async function writeFrame(
  stream: Stream,
  payload: Uint8Array,
  signal: AbortSignal,
): Promise<void> {
  if (!stream.send(frame(payload))) await stream.onDrain({ signal })
}
