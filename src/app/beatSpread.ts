/**
 * How surely the intervals between beats are known, of a sensor that says so (SENS-2): one standard
 * deviation, the middle of the newest. Nothing is held: without new beats there is none (SENS-3).
 */

import type { BeatsEvent } from '../ports/sensor.ts'

const newestMax = 15

export class BeatSpread {
  #intervalsMs: number[] = []
  #beforeMs: number | undefined
  #series: number | undefined

  /** Undefined for a sensor that states no uncertainty. */
  get intervalMs(): number | undefined {
    const sorted = [...this.#intervalsMs].sort((one, other) => one - other)
    return sorted[sorted.length >> 1]
  }

  add({ series, beats }: BeatsEvent): void {
    if (series !== this.#series) this.clear()
    this.#series = series
    for (const { uncertaintyMs } of beats) {
      // An interval has the errors of the beats at both of its ends.
      if (uncertaintyMs !== undefined && this.#beforeMs !== undefined) {
        this.#intervalsMs.push(Math.hypot(this.#beforeMs, uncertaintyMs))
      }
      this.#beforeMs = uncertaintyMs
    }
    this.#intervalsMs = this.#intervalsMs.slice(-newestMax)
  }

  clear(): void {
    this.#intervalsMs = []
    this.#beforeMs = undefined
    this.#series = undefined
  }
}
