/** The five phases of an epoch as the ring shows them: the epoch's real clock (UX-1). */

import type { EpochPhase, EpochSummary } from '../node/api.ts'

export interface PhaseSpan {
  readonly phase: EpochPhase
  readonly name: string
  /** Fractions of the epoch, 0..1. */
  readonly start: number
  readonly end: number
}

/** Boundaries at 5, 10, 20 and 28 of 30 parts, whatever the length of the epoch is. */
export const phaseSpans: readonly PhaseSpan[] = [
  { phase: 'EMOTIONAL_ASSESSMENT', name: 'Assessment', start: 0, end: 5 / 30 },
  { phase: 'COMMITTEE_SELECTION', name: 'Selection', start: 5 / 30, end: 10 / 30 },
  { phase: 'BLOCK_PROPOSAL', name: 'Proposal', start: 10 / 30, end: 20 / 30 },
  { phase: 'EMOTIONAL_VOTING', name: 'Voting', start: 20 / 30, end: 28 / 30 },
  { phase: 'BLOCK_FINALIZATION', name: 'Final', start: 28 / 30, end: 1 },
]

export interface EpochClock {
  /** 0..1, clamped: an epoch whose boundary is late stands at 1. */
  readonly progress: number
  readonly leftMs: number
  readonly phaseIndex: number
  /** The boundary block should be there and is not yet. */
  readonly overdue: boolean
}

export function epochClock(epoch: EpochSummary, nowMs: number): EpochClock {
  const sinceMs = Math.max(0, nowMs - epoch.startMs)
  const progress = epoch.lengthMs > 0 ? Math.min(1, sinceMs / epoch.lengthMs) : 0
  const found = phaseSpans.findIndex(({ end }) => progress < end)
  return {
    progress,
    leftMs: Math.max(0, epoch.lengthMs - sinceMs),
    phaseIndex: found < 0 ? phaseSpans.length - 1 : found,
    overdue: sinceMs > epoch.lengthMs,
  }
}
