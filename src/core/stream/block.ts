/**
 * One message of a sensor stream as one block (SENS-6, ENC-1): two bytes of length, the message,
 * zeros. Every block has the same size, so that nothing can be read from sizes, and no picture
 * fits into the four that a phone sends in a second.
 */

import { assert } from '../base/assert.ts'
import { concat, utf8 } from '../base/bytes.ts'
import { err, ok, type Result } from '../base/result.ts'
import { StreamMessage, StreamState, type StreamBeat, type StreamFrame } from '../codec/sensor.ts'
import { decodeStrict } from '../codec/strict.ts'
import type { StreamError } from './errors.ts'
import { streamLimits } from './limits.ts'

const lengthBytes = 2
const { blockBytes } = streamLimits

/** The message keeps the bounds of `readStreamBlock`. */
export function writeStreamBlock(message: StreamMessage): Uint8Array {
  const bytes = StreamMessage.encode(message)
  assert(lengthBytes + bytes.length <= blockBytes, 'a message within its bounds fits into a block')
  const block = new Uint8Array(blockBytes)
  block.set(concat(Uint8Array.of(bytes.length >> 8, bytes.length & 255), bytes))
  return block
}

export function readStreamBlock(block: Uint8Array): Result<StreamMessage, StreamError> {
  const sizeBytes = ((block[0] ?? 0) << 8) | (block[1] ?? 0)
  const end = lengthBytes + sizeBytes
  if (block.length !== blockBytes || end > blockBytes) return err({ code: 'STREAM_BLOCK' })
  for (const byte of block.subarray(end)) if (byte !== 0) return err({ code: 'STREAM_BLOCK' })
  const decoded = decodeStrict(StreamMessage, block.subarray(lengthBytes, end), blockBytes)
  if (!decoded.ok) return err({ code: 'STREAM_MESSAGE' })
  const { frame, probe, farewell } = decoded.value
  if (frame === undefined && probe === undefined && farewell === undefined) {
    return err({ code: 'STREAM_MESSAGE' })
  }
  const field = frame === undefined ? undefined : frameFault(frame)
  if (field !== undefined) return err({ code: 'STREAM_RANGE', field })
  if (probe?.sequence === 0) return err({ code: 'STREAM_RANGE', field: 'probe' })
  return ok(decoded.value)
}

/** The field that is outside of its bounds. */
function frameFault(frame: StreamFrame): string | undefined {
  if (frame.sequence === 0) return 'sequence'
  if (frame.sentUs === 0) return 'sentUs'
  if ((frame.probe === 0) !== (frame.probeUs === 0)) return 'probe'
  if (utf8(frame.device).length > streamLimits.deviceBytesMax) return 'device'
  if (frame.quality > 10_000) return 'quality'
  if (frame.framesCentiHz > streamLimits.framesCentiHzMax) return 'framesCentiHz'
  if (frame.rateCentiBpm > streamLimits.rateCentiBpmMax) return 'rateCentiBpm'
  if ((frame.series === 0) !== (frame.beats.length === 0)) return 'series'
  if (frame.state === StreamState.IDLE && frame.beats.length > 0) return 'state'
  return beatsFault(frame)
}

function beatsFault({ beats, sentUs }: StreamFrame): string | undefined {
  if (beats.length > streamLimits.beatsPerFrameMax) return 'beats'
  let beforeUs = sentUs - streamLimits.beatAgeUsMax
  for (const beat of beats) {
    if (!isHeartbeat(beat)) return 'beat'
    if (beat.timeUs < beforeUs + streamLimits.beatApartUsMin) return 'timeUs'
    if (beat.timeUs > sentUs) return 'timeUs'
    beforeUs = beat.timeUs
  }
  return undefined
}

function isHeartbeat({ rrTicks, uncertaintyUs }: StreamBeat): boolean {
  const { rrTicksMin, rrTicksMax, uncertaintyUsMax } = streamLimits
  return rrTicks >= rrTicksMin && rrTicks <= rrTicksMax && uncertaintyUs <= uncertaintyUsMax
}
