/** What a camera says of itself, as a frame of the stream says it, and back (SENS-6, QUAL-1). */

import { utf8 } from '../../../core/base/bytes.ts'
import {
  StreamAdvice,
  StreamLoss,
  StreamState,
  type StreamBeat,
  type StreamFrame,
} from '../../../core/codec/sensor.ts'
import { streamLimits } from '../../../core/stream/limits.ts'
import type { SignalPart } from '../../../core/stream/sender.ts'
import type {
  Beat,
  QualityReason,
  SensorEvent,
  SensorState,
  StatusReason,
} from '../../../ports/sensor.ts'

const states: Readonly<Record<SensorState, StreamState>> = {
  searching: StreamState.SEARCHING,
  connecting: StreamState.CONNECTING,
  reconnecting: StreamState.CONNECTING,
  live: StreamState.LIVE,
  lost: StreamState.LOST,
  stopped: StreamState.LOST,
}

const losses: Readonly<Partial<Record<StatusReason, StreamLoss>>> = {
  SILENT: StreamLoss.LOST_SILENT,
  NO_FACE: StreamLoss.LOST_NO_FACE,
  LENS_OPEN: StreamLoss.LOST_LENS_OPEN,
  SIGNAL_WEAK: StreamLoss.LOST_SIGNAL_WEAK,
  CAMERA_ENDED: StreamLoss.LOST_CAMERA_ENDED,
  WORKER_FAILED: StreamLoss.LOST_WORKER_FAILED,
}

const advices: Readonly<Partial<Record<QualityReason, StreamAdvice>>> = {
  STARTING: StreamAdvice.STARTING,
  GOOD: StreamAdvice.GOOD,
  NO_FACE: StreamAdvice.NO_FACE,
  MOVE_TO_LIGHT: StreamAdvice.MOVE_TO_LIGHT,
  TOO_BRIGHT: StreamAdvice.TOO_BRIGHT,
  HOLD_STILL: StreamAdvice.HOLD_STILL,
  FRAME_RATE_LOW: StreamAdvice.FRAME_RATE_LOW,
  PULSE_WEAK: StreamAdvice.PULSE_WEAK,
  COVER_LENS: StreamAdvice.COVER_LENS,
  PRESS_LIGHTLY: StreamAdvice.PRESS_LIGHTLY,
}

const bounded = (value: number, max: number): number =>
  Math.max(0, Math.min(max, Math.round(Number.isFinite(value) ? value : 0)))

/** What of a frame an event changes; waves stay here, as pictures do. */
export function partOf(event: SensorEvent): Partial<SignalPart> {
  switch (event.kind) {
    case 'status':
      return {
        state: states[event.state],
        loss:
          event.reason === undefined
            ? StreamLoss.NOT_LOST
            : (losses[event.reason] ?? StreamLoss.LOST_SILENT),
        ...(event.state !== 'live' && { rateCentiBpm: 0 }),
      }
    case 'quality':
      return {
        quality: bounded(event.quality, 10_000),
        advice: advices[event.reason] ?? StreamAdvice.PULSE_WEAK,
        framesCentiHz: bounded(100 * (event.framesPerSecond ?? 0), streamLimits.framesCentiHzMax),
      }
    case 'rate':
      return { rateCentiBpm: bounded(100 * event.bpm, streamLimits.rateCentiBpmMax) }
    case 'device':
      return { device: shortened(event.name ?? '') }
    case 'beats':
    case 'wave':
      return {}
  }
}

/** At most so many bytes, and no half of a character. */
function shortened(name: string): string {
  let text = ''
  for (const character of name) {
    if (utf8(text + character).length > streamLimits.deviceBytesMax) break
    text += character
  }
  return text
}

export function beatOf(beat: Beat): StreamBeat {
  return {
    timeUs: Math.round(1000 * beat.timeMs),
    rrTicks: beat.rrTicks,
    uncertaintyUs: bounded(1000 * (beat.uncertaintyMs ?? 0), streamLimits.uncertaintyUsMax),
    isDoubtful: beat.isDoubtful ?? false,
  }
}

/** The page's events for a frame that was taken, without its beats. */
export function eventsOf(
  frame: StreamFrame,
  timeMs: number,
  before: StreamFrame | undefined,
): readonly SensorEvent[] {
  const events: SensorEvent[] = []
  if (frame.device !== before?.device && frame.device !== '') {
    events.push({ kind: 'device', name: `Phone: ${frame.device}` })
  }
  if (frame.state !== before?.state || frame.loss !== before.loss) {
    const state = stateOf(frame.state)
    const reason = state === 'lost' ? (keyOf(losses, frame.loss) ?? 'SILENT') : undefined
    events.push({ kind: 'status', timeMs, state, ...(reason !== undefined && { reason }) })
  }
  // Four frames a second would be four figures a second.
  const isDue = frame.sequence % 4 === 0 || frame.advice !== before?.advice
  if (!isDue) return events
  const reason = keyOf(advices, frame.advice) ?? 'STARTING'
  const framesPerSecond = frame.framesCentiHz / 100
  events.push({ kind: 'quality', timeMs, quality: frame.quality, reason, framesPerSecond })
  if (frame.rateCentiBpm > 0) {
    events.push({ kind: 'rate', timeMs, bpm: frame.rateCentiBpm / 100 })
  }
  return events
}

function stateOf(state: StreamState): SensorState {
  switch (state) {
    case StreamState.IDLE:
    case StreamState.SEARCHING:
      return 'searching'
    case StreamState.CONNECTING:
      return 'connecting'
    case StreamState.LIVE:
      return 'live'
    case StreamState.LOST:
      return 'lost'
  }
}

export function beatIn({ timeUs, rrTicks, uncertaintyUs, isDoubtful }: StreamBeat): Beat {
  return {
    timeMs: timeUs / 1000,
    rrTicks,
    uncertaintyMs: uncertaintyUs / 1000,
    ...(isDoubtful && { isDoubtful }),
  }
}

function keyOf<Key extends string, Value>(
  table: Readonly<Partial<Record<Key, Value>>>,
  value: Value,
): Key | undefined {
  return (Object.keys(table) as Key[]).find((key) => table[key] === value)
}
