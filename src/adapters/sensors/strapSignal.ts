/**
 * From packets of a strap to beats, rate and quality (SENS-1, SENS-3, QUAL-1), and the reason when
 * there are none. Knows nothing of Bluetooth.
 */

import type { SensorEvent, StatusReason } from '../../ports/sensor.ts'
import { parseHeartRateMeasurement } from './heartRateMeasurement.ts'
import { StrapTimeline } from './strapTimeline.ts'
import { ticksToMs } from './ticks.ts'

/** Ten seconds without a gap are a good signal. */
const steadyMs = 10_000

export class StrapSignal {
  readonly #emit: (event: SensorEvent) => void
  readonly #timeline = new StrapTimeline()
  #series = 0
  #seriesMs = 0
  #lastPacketMs = 0
  #lastBeatsMs = 0
  #hasIntervals = false
  #trouble: StatusReason | undefined

  constructor(emit: (event: SensorEvent) => void) {
    this.#emit = emit
  }

  linkOpened(nowMs: number): void {
    this.#lastPacketMs = nowMs
    this.#lastBeatsMs = nowMs
    this.#trouble = undefined
  }

  break(): void {
    this.#timeline.break()
  }

  /** Undefined: beats came. `WAITING`: none in this packet, which is no trouble yet. */
  packet(packet: DataView, nowMs: number): StatusReason | 'WAITING' | undefined {
    this.#lastPacketMs = nowMs
    const parsed = parseHeartRateMeasurement(packet)
    if (!parsed.ok) {
      this.#trouble = 'PACKET_INVALID'
      this.break()
      return 'WAITING'
    }
    const { bpm, contact, rrTicks } = parsed.value
    if (contact === 'lost') {
      this.#trouble = 'CONTACT_LOST'
      this.break()
      this.#emit({ kind: 'quality', timeMs: nowMs, quality: 0, reason: 'CONTACT_LOST' })
      return 'CONTACT_LOST'
    }
    if (bpm > 0) this.#emit({ kind: 'rate', timeMs: nowMs, bpm })
    const events = this.#timeline.add(rrTicks, nowMs)
    if (events.length === 0) return 'WAITING'
    this.#trouble = undefined
    this.#hasIntervals = true
    this.#lastBeatsMs = nowMs
    for (const event of events) {
      if (event.series !== this.#series) this.#seriesMs = 0
      this.#series = event.series
      for (const beat of event.beats) this.#seriesMs += ticksToMs(beat.rrTicks)
      this.#emit(event)
    }
    this.#emitQuality(nowMs)
    return undefined
  }

  packetAgeMs(nowMs: number): number {
    return nowMs - this.#lastPacketMs
  }

  /** Why no beats came for `limitMs`; undefined when they did. */
  silence(nowMs: number, limitMs: number): StatusReason | undefined {
    if (nowMs - this.#lastBeatsMs <= limitMs) return undefined
    this.break()
    if (this.packetAgeMs(nowMs) > limitMs) return 'SILENT'
    return this.#trouble ?? (this.#hasIntervals ? 'SILENT' : 'NO_INTERVALS')
  }

  #emitQuality(nowMs: number): void {
    const quality = Math.min(10_000, Math.floor((10_000 * this.#seriesMs) / steadyMs))
    const poor = this.#series > 1 ? 'BEATS_MISSING' : 'STARTING'
    const reason = quality === 10_000 ? 'GOOD' : poor
    this.#emit({ kind: 'quality', timeMs: nowMs, quality, reason })
  }
}
