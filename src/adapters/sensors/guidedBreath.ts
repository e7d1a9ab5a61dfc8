/**
 * How a simulated person breathes after the guide (SENS-4, LIVE-1): as it says, a little late, with
 * the swing that a heart has at that pace. For devnets and for showing the way; it is labelled as
 * simulated wherever it is seen.
 */

import { edgeBreathHalves, type Codeword } from '../../core/liveness/codeword.ts'

/** Where in a breath somebody is, 0..1, and how long it takes. */
export interface Breath {
  readonly phase: number
  readonly seconds: number
}

/** A person's reaction to the guide. */
const lateMs = 800

/** The breath at a Unix time; undefined before the guide began and once it is over. */
export type BreathAt = (timeMs: number) => Breath | undefined

export function guidedBreath(codeword: Codeword, startMs: number): BreathAt {
  const halves = [edgeBreathHalves, ...codeword]
  return (timeMs) => {
    let sinceMs = timeMs - lateMs - startMs + 500 * edgeBreathHalves
    if (sinceMs < 0) return undefined
    for (const half of halves) {
      const lengthMs = 500 * half
      if (sinceMs < lengthMs) return { phase: sinceMs / lengthMs, seconds: lengthMs / 1000 }
      sinceMs -= lengthMs
    }
    return undefined
  }
}

/** Above this pace the answer of the heart falls as one over it (Hirsch & Bishop 1981). */
const cornerSeconds = 8.33
/** A swing that was given for faster breathing than this grows no further: it stays a heart's. */
const restSecondsMin = 4

/** The swing at `seconds` a breath against that at `restSeconds`. */
export function swingGain(seconds: number, restSeconds: number): number {
  const rest = Math.min(cornerSeconds, Math.max(restSecondsMin, restSeconds))
  return Math.min(cornerSeconds, seconds) / rest
}
