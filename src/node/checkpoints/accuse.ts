/** E11 of a number: whom the chain has not convicted yet is accused (EVID-1). */
import { read } from '../../core/ledger/state.ts'
import { doubleVoteMarks } from '../../core/ledger/tables.ts'
import { offencesOf } from '../../core/ledger/transactions/doubleCheckpoint.ts'
import type { CheckpointBallot } from '../checkpointBallot.ts'
import { accusationOf } from './doubles.ts'
import type { CheckpointHost } from './host.ts'
import { unsignedBytes } from './unsignedBytes.ts'

/** Said again with each final block, in case another accusation took its place. */
export function accuse(
  node: Pick<CheckpointHost, 'chain' | 'submit'>,
  ballot: CheckpointBallot,
): void {
  const { chain } = node
  const { state } = chain.tip
  for (const double of ballot.doubles()) {
    const doubleCheckpoint = accusationOf(ballot.env.set, double)
    const isOpen =
      doubleCheckpoint !== undefined &&
      offencesOf(state, doubleCheckpoint).some(
        (offence) => read(state, doubleVoteMarks, offence) === undefined,
      )
    if (isOpen) void node.submit(unsignedBytes(chain, { doubleCheckpoint }))
  }
}
