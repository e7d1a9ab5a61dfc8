/**
 * How a score follows the one before it (FIT-3): one step a served epoch, and back to rest in
 * epochs that were missed. The twin of `circuits/lib/continuity.circom`, equal to the last bit.
 */

import { assert } from '../base/assert.ts'
import { clamp } from './integers.ts'

/** The score at one's own baseline with a full window and no drift (FIT-1). */
export const restLevelBp = 9400
/** Δ†, in basis points: a level rises and falls by no more from one served epoch to the next. */
export const levelStepBpMax = 1000
/** In basis points: an epoch that was missed moves a level so far towards rest. */
export const relaxStepBp = 100
/** After one more missed epoch every level is at rest, and the state before says nothing. */
export const missedEpochsMax = 93

/** What a proof of an earlier epoch left: its commitment stands on the chain. */
export interface Level {
  /** 0..10000. */
  readonly levelBp: number
  /** The epoch that the READY of that proof was for. */
  readonly epoch: number
}

export interface Followed {
  /** What counts, in basis points: never above the window's own score. */
  readonly countedBp: number
  /** What the next proof follows. */
  readonly levelBp: number
}

/** Epochs between the two; undefined where the state before says nothing any more. */
export function missedEpochs(beforeEpoch: number, epoch: number): number | undefined {
  const missed = epoch - beforeEpoch - 1
  return missed >= 0 && missed <= missedEpochsMax ? missed : undefined
}

/** Where a level stands after so many missed epochs. */
export function relaxedLevelBp(levelBp: number, missed: number): number {
  const reach = relaxStepBp * missed
  return levelBp + clamp(restLevelBp - levelBp, -reach, reach)
}

/** Without a state, or with one that is too old, the level before is that of rest. */
export function followedLevel(scoreBp: number, epoch: number, before: Level | undefined): Followed {
  const missed = before && missedEpochs(before.epoch, epoch)
  const levelBp = missed === undefined ? restLevelBp : (before?.levelBp ?? restLevelBp)
  assert(levelBp >= 0 && levelBp <= 10_000, 'a level is in basis points')
  const relaxed = relaxedLevelBp(levelBp, missed ?? 0)
  const countedBp = Math.min(scoreBp, relaxed + levelStepBpMax)
  return { countedBp, levelBp: Math.max(countedBp, relaxed - levelStepBpMax) }
}
