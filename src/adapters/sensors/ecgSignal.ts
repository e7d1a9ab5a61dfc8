/**
 * From ECG packets of a strap to a wave on our clock (SENS-1). Drawn, and no more: beats and proof
 * come from the strap's own intervals.
 */

import type { WaveEvent } from '../../ports/sensor.ts'
import { ecgRateHz, parseEcgFrame } from './polarEcg.ts'

/** Twice the worst drift of two cheap quartz clocks against each other. */
const driftPartsPerMillion = 200
/** The clocks are matched anew when the strap's jumps: it was restarted. */
const jumpMs = 5000

export class EcgSignal {
  #offsetMs: number | undefined
  #lastArrivalMs = 0

  /** Undefined when the packet follows no specification: a gap in the drawing. */
  packet(packet: DataView, nowMs: number): WaveEvent | undefined {
    const parsed = parseEcgFrame(packet)
    if (!parsed.ok) return undefined
    const { lastSampleMs, microvolts } = parsed.value
    const startMs =
      this.#onOurClock(lastSampleMs, nowMs) - (1000 * (microvolts.length - 1)) / ecgRateHz
    return {
      kind: 'wave',
      wave: 'ecg',
      startMs,
      sampleRateHz: ecgRateHz,
      values: Float32Array.from(microvolts),
    }
  }

  /** The offset follows the smallest delay seen, and creeps up no faster than clocks drift. */
  #onOurClock(lastSampleMs: number, nowMs: number): number {
    const seenMs = nowMs - lastSampleMs
    const offsetMs = this.#offsetMs
    if (offsetMs === undefined || Math.abs(seenMs - offsetMs) > jumpMs) {
      this.#offsetMs = seenMs
    } else {
      const driftMs = (Math.max(0, nowMs - this.#lastArrivalMs) * driftPartsPerMillion) / 1e6
      this.#offsetMs = Math.min(seenMs, offsetMs + driftMs)
    }
    this.#lastArrivalMs = nowMs
    return lastSampleMs + this.#offsetMs
  }
}
