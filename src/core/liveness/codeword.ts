/**
 * Codewords: schedules of breaths that a person is asked to follow (LIVE-1), and where in a breath
 * each of them is at a given time.
 */

import { ticksPerSecond } from '../emotion/window.ts'

/** Breath by breath, oldest first, each in half seconds. */
export type Codeword = readonly number[]

export interface Codebook {
  /** The breaths of each codeword last exactly so long. */
  readonly seconds: number
  readonly codewords: readonly Codeword[]
}

/** The breath before the first and the one after the last, the same in all codewords. */
export const edgeBreathHalves = 16
/** A breath takes 5 to 11 s. */
export const breathHalvesMin = 10
export const breathHalvesMax = 22
/** Steps of a breath. */
export const phaseSteps = 256

const halfTicks = ticksPerSecond / 2

/**
 * The step of the breath, 0..255, that a codeword has at each of `ticks` (1/1024 s since its first
 * breath began, ascending, from −8 s to 8 s after its end).
 */
export function phasesAt(codeword: Codeword, ticks: readonly number[]): readonly number[] {
  const edgeTicks = edgeBreathHalves * halfTicks
  let startTicks = -edgeTicks
  let lengthTicks = edgeTicks
  let next = 0
  return ticks.map((at) => {
    while (at >= startTicks + lengthTicks) {
      startTicks += lengthTicks
      lengthTicks = (codeword[next] ?? edgeBreathHalves) * halfTicks
      next += 1
    }
    return Math.floor((phaseSteps * (at - startTicks)) / lengthTicks)
  })
}
