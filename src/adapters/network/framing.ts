/**
 * Length-prefixed frames: four bytes of big-endian length, then the payload (NET-3, NET-6).
 *
 * A fixed-width prefix has one encoding for each length, so there is nothing to canonicalise. The
 * reader keeps at most one unfinished frame and the bytes that arrived for it, never what a peer
 * merely announces.
 */
import { concat, u32be } from '../../core/base/bytes.ts'
import { err, ok, type Result } from '../../core/base/result.ts'

export const frameHeaderBytes = 4

/** A frame that arrives byte by byte may not cost an object for each byte. */
const partsMax = 1024

export interface FrameTooLong {
  readonly code: 'FRAME_TOO_LONG'
  readonly announcedBytes: number
  readonly bytesMax: number
}

export function frame(payload: Uint8Array): Uint8Array<ArrayBuffer> {
  return concat(u32be(payload.length), payload)
}

export class FrameReader {
  readonly #bytesMax: number
  #parts: Uint8Array[] = []
  #buffered = 0

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }

  /** Bytes of the unfinished frame, its header included. */
  get bufferedBytes(): number {
    return this.#buffered
  }

  /** Frames completed by this chunk, as copies; after an error the stream is of no more use. */
  push(chunk: Uint8Array): Result<readonly Uint8Array[], FrameTooLong> {
    this.#parts.push(chunk)
    this.#buffered += chunk.length
    if (this.#parts.length > partsMax) this.#join()
    const frames: Uint8Array[] = []
    for (;;) {
      const announcedBytes = this.#announced()
      if (announcedBytes === undefined) return ok(frames)
      if (announcedBytes > this.#bytesMax) {
        return err({ code: 'FRAME_TOO_LONG', announcedBytes, bytesMax: this.#bytesMax })
      }
      const end = frameHeaderBytes + announcedBytes
      if (this.#buffered < end) return ok(frames)
      const all = this.#join()
      frames.push(all.slice(frameHeaderBytes, end))
      this.#keep(all.subarray(end))
    }
  }

  #announced(): number | undefined {
    if (this.#buffered < frameHeaderBytes) return undefined
    const first = this.#parts[0]
    const head = first !== undefined && first.length >= frameHeaderBytes ? first : this.#join()
    return new DataView(head.buffer, head.byteOffset).getUint32(0)
  }

  #join(): Uint8Array {
    const [first] = this.#parts
    if (first !== undefined && this.#parts.length === 1) return first
    const all = concat(...this.#parts)
    this.#parts = [all]
    return all
  }

  #keep(rest: Uint8Array): void {
    this.#parts = rest.length === 0 ? [] : [rest]
    this.#buffered = rest.length
  }
}
