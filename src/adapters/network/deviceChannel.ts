/** A libp2p stream on a direct connection as a channel between two devices (SENS-6). */
import type { Connection, Stream } from '@libp2p/interface'
import { sealedBlockBytes } from '../../core/stream/sealedBlocks.ts'
import type { DeviceChannel } from '../../ports/deviceLink.ts'
import { frame } from './framing.ts'
import { listenFrames } from './streamFrames.ts'

export function deviceChannel(stream: Stream, connection: Connection): DeviceChannel {
  let onMessage: ((message: Uint8Array) => void) | undefined
  let onClosed: (() => void) | undefined
  let isOpen = true
  const end = (): void => {
    if (!isOpen) return
    isOpen = false
    // Both go: the connection carries nothing else.
    stream.close().catch(() => {
      stream.abort(new Error('stream did not close'))
    })
    connection.close().catch(() => undefined)
    onClosed?.()
  }
  listenFrames(stream, sealedBlockBytes, {
    onFrame: (bytes) => {
      if (isOpen) onMessage?.(bytes)
    },
    onViolation: end,
    onEnd: end,
  })
  connection.addEventListener('close', end)
  return {
    send: (message) => {
      // A frame that would have to wait is old when it arrives: it is left out, and its number
      // says so.
      if (!isOpen || stream.writeStatus !== 'writable') return false
      try {
        stream.send(frame(message))
        return true
      } catch {
        end()
        return false
      }
    },
    onMessage: (handler) => {
      onMessage = handler
    },
    onClosed: (handler) => {
      onClosed = handler
    },
    close: end,
  }
}
