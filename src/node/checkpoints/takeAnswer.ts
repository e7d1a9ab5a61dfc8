/** What a peer said about a number that is voted on (CKPT-1): all of it is checked. */
import { checkpointProtocol } from '../../core/checkpoint/parameters.ts'
import type { CheckpointResponse } from '../../core/codec/checkpoint.ts'
import type { PeerId, Transport } from '../../ports/transport.ts'
import { singlesMax, type CheckpointBallot } from '../checkpointBallot.ts'

/** Of a subnet: the one that counts, and those that contradict. */
const aggregatesEach = 16

/** What is of another set costs a pairing and is nobody's fault: so much of it is looked at. */
export const straysMax = 8

/** The first thing that does not hold costs the peer, and ends the answer. */
export function takeAnswer(
  transport: Pick<Transport, 'penalise'>,
  ballot: CheckpointBallot,
  { peer, answer }: { readonly peer: PeerId; readonly answer: CheckpointResponse },
): void {
  const { votes, aggregates, postQuantum } = answer
  const isLong =
    postQuantum.length > checkpointProtocol.postQuantumDraws ||
    votes.length > 2 * singlesMax ||
    aggregates.length > aggregatesEach * ballot.plan.members.length
  if (!isLong) for (const signature of postQuantum) ballot.postQuantum.add(signature)
  const isWrong =
    isLong ||
    aggregates.some((shown) => ballot.addAggregate(shown) === 'invalid') ||
    hasWrongVote(ballot, answer)
  if (isWrong) transport.penalise(peer, 'CHECKPOINT_VOTE_INVALID')
}

function hasWrongVote(ballot: CheckpointBallot, { votes }: CheckpointResponse): boolean {
  let strays = 0
  for (const vote of votes) {
    const added = ballot.addVote(vote)
    if (added === 'invalid') return true
    if (added === 'stray') strays += 1
    if (strays >= straysMax) return false
  }
  return false
}
