/**
 * A Restart record by stake (RECOVER-1): 2/3 of the stake of the set that the boundary before the
 * epoch fixed signed base and committee. Nodes, light clients and archives ask the same; the
 * bytes may be anything.
 */
import { indicesOf } from '../base/bitmap.ts'
import { err, ok, type Result } from '../base/result.ts'
import { reachesThreshold, stakeAt, type VoterSet } from '../checkpoint/voterSet.ts'
import type { Committee, Restart } from '../codec/chain.ts'
import { committeeRoot } from '../committee/handOver.ts'
import { protocol } from '../params.ts'
import { restartStakeMessage } from './messages.ts'

export type RestartStakeError =
  /** A bitmap that is not canonical for the set. */
  | { readonly code: 'RESTART_VOTERS' }
  /** Less than 2/3 of the stake, or too few seats for a committee that may fail (COM-5). */
  | { readonly code: 'RESTART_STAKE' }
  | { readonly code: 'RESTART_COMMITTEE' }
  | { readonly code: 'RESTART_SIGNATURE' }

export interface RestartStakeEnv {
  readonly chainId: string
  readonly set: VoterSet
  /** All keys, whose possession is proven, signed the same message. */
  readonly aggregateSigned: (
    keys: readonly Uint8Array[],
    message: Uint8Array,
    signature: Uint8Array,
  ) => boolean
}

export function verifyRestart(
  env: RestartStakeEnv,
  restart: Restart & { readonly committee: Committee },
): Result<undefined, RestartStakeError> {
  const { epoch, attempt, base, committee, voters, signature } = restart
  const { chainId, set } = env
  const indices = indicesOf(set.voters.length, voters)
  if (indices === undefined) return err({ code: 'RESTART_VOTERS' })
  if (!reachesThreshold(set, stakeAt(set, indices))) return err({ code: 'RESTART_STAKE' })
  const isPlaced =
    committee.epoch === epoch &&
    committee.attempt === attempt &&
    attempt > 0 &&
    committee.seats.length >= protocol.committeeSeatsMin
  if (!isPlaced) return err({ code: 'RESTART_COMMITTEE' })
  const message = restartStakeMessage({
    ...{ chainId, votersRoot: set.root, epoch, attempt, base },
    committeeRoot: committeeRoot(committee),
  })
  const keys = indices.flatMap((index) => set.voters[index]?.key ?? [])
  return env.aggregateSigned(keys, message, signature)
    ? ok(undefined)
    : err({ code: 'RESTART_SIGNATURE' })
}
