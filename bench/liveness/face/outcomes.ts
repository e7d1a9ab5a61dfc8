/** What a challenge of a camera said, counted (LIVE-8). */

import type { Rate } from '../bounds.ts'

/** Verdicts and their reasons, most frequent first. */
export type Outcomes = readonly (readonly [outcome: string, count: number])[]

export interface FaceAttacked {
  readonly species: string
  readonly isAdaptive: boolean
  /** APCER of one challenge. */
  readonly accepted: Rate
  readonly outcomes: Outcomes
}

type Verdict =
  { readonly verdict: 'accepted' } | { readonly verdict: string; readonly reason: string }

export function countOutcomes(verdicts: readonly Verdict[]): Outcomes {
  const counts = new Map<string, number>()
  for (const verdict of verdicts) {
    const outcome = 'reason' in verdict ? verdict.reason : 'accepted'
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
  }
  return [...counts].sort(([, left], [, right]) => right - left)
}
