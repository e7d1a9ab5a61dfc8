/** What reports, lists and votes on the restart of one epoch are checked against (RECOVER-1). */
import type { VoterSet } from '../checkpoint/voterSet.ts'
import type { BlsBackend } from '../crypto/bls.ts'
import type { Params } from '../params.ts'

export interface RestartEnv {
  readonly chainId: string
  /** The epoch that stands still. */
  readonly epoch: number
  /** beacon(epoch), 32 bytes: draws aggregators. */
  readonly beacon: Uint8Array
  /** The set that the boundary before the epoch fixed: one, whatever block of it is final here. */
  readonly set: VoterSet
  readonly params: Pick<Params, 'committeeSeats' | 'scoreMin' | 'scoreCap' | 'stakeCapMicro'>
  readonly bls: BlsBackend
}
