/**
 * Finds the level behind the owner's own state (FIT-3): a device that lost its data, or was set up
 * from a backup, tries all there are instead of having kept it.
 */

import { commitLevel } from './commitments.ts'

/** Levels in one turn; a device does other things between two. */
const turnLevels = 20
const levelBpMax = 10_000

/**
 * Yields between turns; returns undefined when no level is behind it, which then is not the own
 * one. From calm downwards: what served is at the upper end.
 */
export function* findLevel(state: {
  readonly chainId: Uint8Array
  readonly nullifierKey: bigint
  readonly epoch: number
  readonly commitment: bigint
}): Generator<undefined, number | undefined> {
  for (let levelBp = levelBpMax; levelBp >= 0; levelBp -= 1) {
    if (commitLevel({ ...state, levelBp }) === state.commitment) return levelBp
    if (levelBp % turnLevels === 0) yield
  }
  return undefined
}
