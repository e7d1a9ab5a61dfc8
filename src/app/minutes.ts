/** Beats as they come, cut into pieces of a minute of one series (PRIV-1). */
import type { Beat, BeatsEvent, Provenance } from '../ports/sensor.ts'

export interface Minute {
  readonly provenance: Provenance
  readonly series: number
  readonly beats: readonly Beat[]
}

/** More than any heart has in a minute, so that a wrong clock does not fill memory. */
const beatsMax = 300
const minuteMs = 60_000

export class Minutes {
  #provenance: Provenance = 'strap'
  #series = 0
  #beats: Beat[] = []

  /** What is whole now. */
  take(event: BeatsEvent, provenance: Provenance): readonly Minute[] {
    const whole: Minute[] = []
    const cut = (): void => {
      const rest = this.flush()
      if (rest !== undefined) whole.push(rest)
    }
    if (event.series !== this.#series || provenance !== this.#provenance) cut()
    this.#series = event.series
    this.#provenance = provenance
    for (const beat of event.beats) {
      const first = this.#beats[0]
      const isFull = this.#beats.length >= beatsMax
      if (first !== undefined && (isFull || beat.timeMs - first.timeMs >= minuteMs)) cut()
      this.#beats.push(beat)
    }
    return whole
  }

  /** What was begun; nothing is begun after it. */
  flush(): Minute | undefined {
    if (this.#beats.length === 0) return undefined
    const minute = { provenance: this.#provenance, series: this.#series, beats: this.#beats }
    this.#beats = []
    return minute
  }
}
