/**
 * Breaths a minute from the intervals of the last minute (HRV-4), for display alone. Beats of one
 * series only: behind a gap it begins anew, and nothing is held (SENS-3).
 */

import { artefactMarks } from '../core/emotion/artefacts.ts'
import type { Beat, BeatsEvent } from '../ports/sensor.ts'

export interface Breathing {
  readonly breathsPerMinute: number
  /** 0..1: the share of the swing that is this breath. */
  readonly confidence: number
}

/** Intervals in ms, oldest first, with a mark for each that is no normal beat. */
export type BreathReader = (
  rrMs: readonly number[],
  marks: readonly boolean[],
) => Breathing | undefined

const windowTicks = 60 * 1024

export class BreathRate {
  readonly #read: BreathReader
  #series: number | undefined
  #beats: Beat[] = []

  constructor(read: BreathReader) {
    this.#read = read
  }

  /** What the last minute says with these beats in it. */
  add({ series, beats }: BeatsEvent): Breathing | undefined {
    if (series !== this.#series) this.#beats = []
    this.#series = series
    this.#beats.push(...beats)
    let ticks = this.#beats.reduce((sum, { rrTicks }) => sum + rrTicks, 0)
    while (ticks > windowTicks) ticks -= this.#beats.shift()?.rrTicks ?? ticks
    const marks = artefactMarks(this.#beats.map(({ rrTicks }) => rrTicks))
    return this.#read(
      this.#beats.map(({ rrTicks }) => (1000 * rrTicks) / 1024),
      this.#beats.map(({ isDoubtful }, index) => isDoubtful === true || marks[index] === true),
    )
  }
}
