/** What a proof says of the score that counts (PRIV-5), as codes of the wire and of the circuit. */

import { scoreStepBp } from '../base/scoreStep.ts'
import { clamp } from './integers.ts'

export const scoreModeCodes = {
  /** At least the threshold of the chain, and no more is said: what a node does by itself. */
  threshold: 0,
  /** The score, floored to a multiple of `scoreStepBp`. */
  quantised: 1,
} as const

export type ScoreMode = keyof typeof scoreModeCodes

/** The mode of a code from the wire; undefined for a code that does not exist. */
export function scoreModeOf(code: number): ScoreMode | undefined {
  switch (code) {
    case scoreModeCodes.threshold:
      return 'threshold'
    case scoreModeCodes.quantised:
      return 'quantised'
    default:
      return undefined
  }
}

/** The claim in basis points of a score that counts; may lie below the chain's threshold. */
export function claimedBp(mode: ScoreMode, countedBp: number, thresholdBp: number): number {
  return mode === 'threshold' ? thresholdBp : countedBp - (countedBp % scoreStepBp)
}

/** Whether a claim is one of its mode, on a chain with this threshold. */
export function isClaim(mode: ScoreMode, claimBp: number, thresholdBp: number): boolean {
  if (mode === 'threshold') return claimBp === thresholdBp
  return claimBp % scoreStepBp === 0 && clamp(claimBp, thresholdBp, 10_000) === claimBp
}
