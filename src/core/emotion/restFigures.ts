/**
 * What the baseline takes of a window of rest (FIT-2): two figures. Whoever keeps a rest that is
 * not done needs no beat of it.
 */

import { lnRmssdQ16, windowHrCentiBpm } from './score.ts'
import { windowSums } from './sums.ts'
import type { RrWindow } from './window.ts'

export interface RestFigures {
  /** 0.01 bpm. */
  readonly hrCentiBpm: number
  /** 65536·ln of the RMSSD in 1/16 ticks. */
  readonly lnRmssdQ16: number
}

/** Of a window that passed the gate (QUAL-1). */
export function restFigures(window: RrWindow): RestFigures {
  const sums = windowSums(window)
  return { hrCentiBpm: windowHrCentiBpm(sums), lnRmssdQ16: lnRmssdQ16(sums) }
}
