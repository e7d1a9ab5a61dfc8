/**
 * Who votes next (CKPT-1), as an executing node knows it from a boundary's state.
 *
 * While a number has not formed nobody joins: `votersAfterMisses` is the set that the last formed
 * checkpoint named, less those whose lease lapsed, as far as the bound of `leaving.ts` goes.
 * A checkpoint that forms names a new set: all with a lease, and those of its own set that lapsed
 * and may not leave yet, with the stake that they still have.
 */
import { mapKey } from '../base/bytes.ts'
import type { Result } from '../base/result.ts'
import type { CheckpointVoter } from '../codec/checkpoint.ts'
import { leaversOf } from './leaving.ts'
import { checkpointProtocol } from './parameters.ts'
import { compareVoters, voterSetOf, type VoterSet, type VoterSetError } from './voterSet.ts'

/** A validator with registered checkpoint keys, at a boundary. */
export interface DutyRecord {
  readonly voter: CheckpointVoter
  /** Last epoch for which its `duty` lease counts. */
  readonly leaseEpoch: number
}

/**
 * The set that checkpoint N + 1 is voted by, from the state of boundary N: it stands in the content
 * of N as `nextVotersRoot`. `voting` is the set of N, undefined for the genesis; `epoch` that of
 * the boundary, so a lease counts when it reaches beyond it.
 */
export function nextVoters(
  voting: VoterSet | undefined,
  records: readonly DutyRecord[],
  epoch: number,
): Result<VoterSet, VoterSetError> {
  const staked = records.filter(({ voter }) => voter.stakeMicro > 0n)
  const live = staked.filter(({ leaseEpoch }) => leaseEpoch > epoch).map(({ voter }) => voter)
  const kept = voting === undefined ? [] : keptOf(voting, staked, epoch)
  const ordered = [...live, ...kept].toSorted(compareVoters)
  return voterSetOf(ordered.slice(0, checkpointProtocol.votersMax))
}

/**
 * The set of a number when `misses` numbers before it did not form: `named` is what the last formed
 * checkpoint named, `epoch` that of the boundary before this number's, formed or not.
 */
export function votersAfterMisses(
  named: VoterSet,
  records: readonly DutyRecord[],
  options: { readonly epoch: number; readonly misses: number },
): { readonly set: Result<VoterSet, VoterSetError>; readonly left: readonly number[] } {
  const left = leaversOf(named, lapsedOf(named, records, options.epoch), options.misses)
  return { set: votersWithout(named, left), left }
}

export function votersWithout(
  set: VoterSet,
  left: readonly number[],
): Result<VoterSet, VoterSetError> {
  const gone = new Set(left)
  return voterSetOf(set.voters.filter((_, index) => !gone.has(index)))
}

/** Of the set of N, who lapsed and stays: with today's keys, and no more stake than in that set. */
function keptOf(
  voting: VoterSet,
  staked: readonly DutyRecord[],
  epoch: number,
): readonly CheckpointVoter[] {
  const records = new Map(staked.map((record) => [mapKey(record.voter.account), record]))
  const present = voting.voters.flatMap((voter, index) => {
    const record = records.get(mapKey(voter.account))
    return record === undefined ? [] : [{ index, voter, record }]
  })
  const lapsed = present.filter(({ record }) => record.leaseEpoch <= epoch)
  const gone = new Set(
    leaversOf(
      voting,
      lapsed.map(({ index }) => index),
      1,
    ),
  )
  return lapsed
    .filter(({ index }) => !gone.has(index))
    .map(({ voter: { stakeMicro }, record: { voter } }) =>
      voter.stakeMicro < stakeMicro ? voter : { ...voter, stakeMicro },
    )
}

/** Indices of those whose lease is over, or who are no validators any more. */
function lapsedOf(set: VoterSet, records: readonly DutyRecord[], epoch: number): readonly number[] {
  const live = new Set(
    records
      .filter(({ leaseEpoch }) => leaseEpoch > epoch)
      .map(({ voter }) => mapKey(voter.account)),
  )
  return set.voters.flatMap(({ account }, index) => (live.has(mapKey(account)) ? [] : [index]))
}
