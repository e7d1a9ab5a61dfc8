/**
 * The safety record (BFT-10): what this seat signed above finality, in one message that is durable
 * before any of it leaves. A seat that restarts from it never contradicts itself.
 */
import { Proposal, SafetyRecord } from '../codec/chain.ts'
import { assert } from '../base/assert.ts'
import { certificatesAbove, ownVotes, type Draft } from './draft.ts'
import type { Effect } from './types.ts'

/** Certificates in a record, oldest first: enough to go on, and never a giant record. */
const certificatesMax = 128

/** The record of the draft as an effect, with the blocks that were voted for. */
export function persistEffect(draft: Draft): Effect {
  const { state, env } = draft
  assert(env.own !== undefined, 'only a seat has a record')
  const seat = env.seats[env.own.seat]
  assert(seat !== undefined, 'the own seat is in the committee')
  const sequence = state.sequence + 1
  draft.state = { ...state, sequence }
  return {
    type: 'persist',
    sequence,
    record: SafetyRecord.encode({
      epoch: env.epoch,
      epochKey: seat.epochKey,
      view: state.view,
      floorView: state.floorView,
      votes: [...ownVotes(state)].filter((vote) => vote.view > draft.finalViewBefore),
      certificates: [...certificatesAbove(state)].slice(0, certificatesMax),
      sequence,
      attempt: env.attempt,
    }),
    pending: draft.votedFor.map((node) => ({
      hash: node.hash,
      bytes: Proposal.encode(node.proposal),
    })),
  }
}
