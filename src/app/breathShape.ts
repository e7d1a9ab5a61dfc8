/**
 * The guide's breath as a shape to draw and to sound (LIVE-1): where it turns, and how full it is
 * between. Times are ms from the start of the window; the breath that leads in lies before it.
 */

import type { Codeword } from '../core/liveness/codeword.ts'
import { guideAt, leadInMs } from '../core/liveness/guide.ts'

/** A breath begins empty, is full at its turn, and empty at its end. */
export interface Turn {
  readonly atMs: number
  readonly isFull: boolean
}

const halfMs = 500

export function turnsOf(codeword: Codeword): readonly Turn[] {
  const turns: Turn[] = []
  let atMs = -leadInMs
  for (const lengthMs of [leadInMs, ...codeword.map((halves) => halves * halfMs)]) {
    turns.push({ atMs, isFull: false }, { atMs: atMs + (2 * lengthMs) / 5, isFull: true })
    atMs += lengthMs
  }
  return [...turns, { atMs, isFull: false }]
}

/** 0 empty … 1 full, smooth at the turns. */
export function fullnessAt(codeword: Codeword, sinceMs: number): number {
  if (sinceMs <= -leadInMs) return 0
  const at = guideAt(codeword, Math.floor(sinceMs))
  if (at.step === 'done') return 0
  const risen = (1 - Math.cos((Math.PI * at.doneBp) / 10_000)) / 2
  return at.step === 'in' ? risen : 1 - risen
}

/** How long the half of the breath lasts that runs at `sinceMs`, in ms. */
export function halfLengthMs(codeword: Codeword, sinceMs: number): number {
  const turns = turnsOf(codeword)
  const next = turns.findIndex(({ atMs }) => atMs > sinceMs)
  return next <= 0 ? 0 : (turns[next]?.atMs ?? 0) - (turns[next - 1]?.atMs ?? 0)
}
