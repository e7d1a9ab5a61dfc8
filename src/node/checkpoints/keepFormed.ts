/** Stores what formed, for those who follow (CKPT-1, SYNC-1). */
import {
  Checkpoint,
  type CheckpointContent,
  type CheckpointRecord,
} from '../../core/codec/checkpoint.ts'
import { namedVoters } from '../../core/ledger/checkpoints.ts'
import type { LedgerState } from '../../core/ledger/state.ts'
import type { CheckpointBallot } from '../checkpointBallot.ts'
import type { CheckpointShelf } from '../checkpointShelf.ts'
import { committeeOf } from '../epochEnv.ts'

/** `above` is the formed number that named the voters of the ballot. */
export async function keepFormed(
  shelf: CheckpointShelf,
  state: LedgerState,
  what: {
    readonly record: CheckpointRecord
    readonly content: CheckpointContent
    readonly ballot: CheckpointBallot | undefined
    readonly above: number | undefined
  },
): Promise<void> {
  const { record, content, above } = what
  const { number } = content
  await keepNamed(shelf, state, content)
  const newest = await shelf.newest()
  if (newest !== undefined && newest >= number) return
  const ballot = what.ballot?.content.number === number ? what.ballot : undefined
  const { formedLeft: left, formedVoters: voters, formedSignature: signature } = record
  const isDue = record.postQuantum?.number === number && signature.length > 0
  // Who was not there when it formed may lack what the chain does not hold, or what it follows.
  const isWhole = signature.length > 0 && (!isDue || ballot?.postQuantum.isReady === true)
  const postQuantum = ballot?.postQuantum.due === undefined ? [] : ballot.postQuantum.signatures
  if (ballot !== undefined && isWhole && above !== undefined) {
    const checkpoint = { content, left, voters, signature, postQuantum }
    await shelf.putFormed(number, Checkpoint.encode(checkpoint), above)
  }
  await shelf.moveTo(number)
}

/** What somebody who begins at this number needs; who followed checkpoints to it lacks this. */
async function keepNamed(
  shelf: CheckpointShelf,
  state: LedgerState,
  { number, epoch }: CheckpointContent,
): Promise<void> {
  const named = namedVoters(state)
  const committee = committeeOf(state, epoch)
  if (named !== undefined) await shelf.putNamed(number, named)
  if (committee !== undefined) await shelf.putCommittee(number, committee)
}
