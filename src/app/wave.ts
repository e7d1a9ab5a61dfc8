/**
 * The last seconds of a live signal, ready to draw. Not reactive: it is read once a frame.
 *
 * Nothing is held: where samples are missing the line breaks (SENS-3, UX-7).
 */

import type { BeatsEvent, WaveEvent } from '../ports/sensor.ts'

/** What is drawn, in ms. */
export const waveSpanMs = 6000
const samplesMax = 4096
/** Samples further apart than this are not joined by a line. */
const sampleGapMs = 250
/** The same for a time line of beats: no heart beats slower. */
const beatGapMs = 2200
const beatWidthMs = 12

export class WaveBuffer {
  #times = new Float64Array(samplesMax)
  #values = new Float64Array(samplesMax)
  #count = 0
  #kind: WaveEvent['wave'] = 'pulse'

  get kind(): WaveEvent['wave'] {
    return this.#kind
  }

  get newestMs(): number | undefined {
    return this.#count === 0 ? undefined : this.#times[this.#count - 1]
  }

  push(event: WaveEvent): void {
    if (event.wave !== this.#kind) this.clear()
    this.#kind = event.wave
    if (!(event.sampleRateHz > 0)) return
    const stepMs = 1000 / event.sampleRateHz
    const values = event.values.subarray(-samplesMax / 2)
    const startMs = event.startMs + (event.values.length - values.length) * stepMs
    this.#makeRoom(values.length)
    for (let index = 0; index < values.length; index += 1) {
      this.#append(startMs + index * stepMs, values[index] ?? 0)
    }
  }

  /** A sensor that sends no samples is drawn as a time line with one tooth a beat. */
  pushBeats({ beats }: BeatsEvent): void {
    if (this.#kind !== 'beats') this.clear()
    this.#kind = 'beats'
    this.#makeRoom(3 * beats.length)
    for (const { timeMs } of beats) {
      this.#append(timeMs - beatWidthMs, 0)
      this.#append(timeMs, 1)
      this.#append(timeMs + beatWidthMs, 0)
    }
  }

  clear(): void {
    this.#count = 0
  }

  /** Times in s relative to `endMs` and values; a `null` breaks the line. */
  window(endMs: number, spanMs = waveSpanMs): [number[], (number | null)[]] {
    const times: number[] = []
    const values: (number | null)[] = []
    const gapMs = this.#kind === 'beats' ? beatGapMs : sampleGapMs
    let previousMs = 0
    for (let index = 0; index < this.#count; index += 1) {
      const timeMs = this.#times[index] ?? 0
      if (timeMs < endMs - spanMs || timeMs > endMs) continue
      if (times.length > 0 && timeMs - previousMs > gapMs) {
        times.push((previousMs + 1 - endMs) / 1000)
        values.push(null)
      }
      times.push((timeMs - endMs) / 1000)
      values.push(this.#values[index] ?? 0)
      previousMs = timeMs
    }
    return [times, values]
  }

  #append(timeMs: number, value: number): void {
    const newest = this.newestMs
    // A sample that is not newer would draw backwards.
    if (newest !== undefined && timeMs <= newest) return
    this.#times[this.#count] = timeMs
    this.#values[this.#count] = value
    this.#count += 1
  }

  #makeRoom(count: number): void {
    const over = this.#count + count - samplesMax
    if (over <= 0) return
    this.#times.copyWithin(0, over, this.#count)
    this.#values.copyWithin(0, over, this.#count)
    this.#count -= over
  }
}
