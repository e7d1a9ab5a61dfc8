/** What a process of `child.ts` tells. */

import type { Measured } from '../../measure.ts'

export const sides = ['ours', 'o1js'] as const

export type Side = (typeof sides)[number]

export interface PeerFigures {
  readonly side: Side
  /** Constraints of ours; rows of gates of the peer. */
  readonly size: number
  /** From nothing to a key in memory: for ours reading the key, for the peer making it. */
  readonly preparing: Measured
  readonly first: Measured
  readonly proving: readonly Measured[]
  readonly verifying: readonly Measured[]
  readonly proofBytes: number
  /** Largest resident set of the process, its threads included. */
  readonly peakBytes: number
}
