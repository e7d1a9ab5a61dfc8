/**
 * What the breathing guide shows (LIVE-1): one even breath to come in, then the codeword. The page
 * that shows it says "Stop if you feel dizzy".
 */

import { edgeBreathHalves, type Codeword } from './codeword.ts'

const halfMs = 500
/** The guide begins so long before the window does. */
export const leadInMs = edgeBreathHalves * halfMs

export type GuideStep =
  | {
      readonly step: 'in' | 'out'
      /** Of the codeword, from 0; −1 while coming in. */
      readonly breath: number
      /** How much of this half of the breath is over, 0..10000. */
      readonly doneBp: number
      /** Until the window is over. */
      readonly leftMs: number
    }
  | { readonly step: 'done' }

/** `sinceMs`: integer milliseconds since the window began, negative while coming in. */
export function guideAt(codeword: Codeword, sinceMs: number): GuideStep {
  const totalMs = codeword.reduce((sum, halves) => sum + halves, 0) * halfMs
  if (sinceMs >= totalMs) return { step: 'done' }
  let startMs = -leadInMs
  let breath = -1
  let lengthMs = leadInMs
  while (sinceMs >= startMs + lengthMs) {
    startMs += lengthMs
    breath += 1
    lengthMs = (codeword[breath] ?? 0) * halfMs
  }
  const leftMs = totalMs - sinceMs
  const inMs = Math.floor((2 * lengthMs) / 5)
  const atMs = Math.max(0, sinceMs - startMs)
  if (atMs < inMs) return { step: 'in', breath, doneBp: share(atMs, inMs), leftMs }
  return { step: 'out', breath, doneBp: share(atMs - inMs, lengthMs - inMs), leftMs }
}

function share(atMs: number, ofMs: number): number {
  return Math.floor((10_000 * atMs) / ofMs)
}
