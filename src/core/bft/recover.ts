/**
 * BFT-10: a seat that restarts, or that lost more than 2 s of its own time, signs nothing until
 * F+1 power of others said what they hold of it. A vote that the record does not know means that
 * another device signs with this key, or that the record is old: abstain until the service ends.
 */
import { VoteKind, type Vote } from '../codec/chain.ts'
import { equalBytes } from '../base/bytes.ts'
import { adopt } from './adopt.ts'
import { powerOf } from './certificate.ts'
import { viewState, type Draft } from './draft.ts'
import { emptyBytes, leaderOf, voteIsSigned } from './signing.ts'
import type { AgreementEnv, BlockNode, Input, OwnVotes } from './types.ts'

/** Signature checks that one answer may cost. */
const unknownMax = 64

export function onGap(draft: Draft): void {
  if (draft.state.mode.type !== 'active' || draft.env.own === undefined) return
  draft.state = { ...draft.state, mode: { type: 'recovering', answered: [] } }
}

export function onRecoverAnswer(
  draft: Draft,
  input: Extract<Input, { type: 'recoverAnswer' }>,
): void {
  for (const certificate of input.certificates) adopt(draft, certificate, { verified: false })
  const { mode } = draft.state
  const { env } = draft
  if (mode.type !== 'recovering' || env.own === undefined) return
  if (input.seat === env.own.seat || input.seat >= env.seats.length) return
  const unknown = input.votes.filter((vote) => isUnknown(draft, vote))
  // An honest seat may hold forged votes and not know it, but not this many.
  if (unknown.length > unknownMax) return
  if (unknown.some((vote) => voteIsSigned(env, vote))) {
    draft.state = { ...draft.state, mode: { type: 'abstaining', reason: 'RECORD_OLD' } }
    return
  }
  const answered = [...new Set([...mode.answered, input.seat])]
  const isEnough = powerOf(env, answered) >= env.faultyPower + 1
  draft.state = {
    ...draft.state,
    mode: isEnough ? { type: 'active' } : { type: 'recovering', answered },
  }
}

/** A vote in the own name, above finality, that the own record does not hold. */
function isUnknown(draft: Draft, vote: Vote): boolean {
  const { env, state } = draft
  if (vote.seat !== env.own?.seat || vote.epoch !== env.epoch) return false
  if (vote.view <= state.finalView) return false
  const own = ownOf(viewState(state, vote.view).own, vote.kind)
  return own === undefined || !equalBytes(own.block, vote.block)
}

function ownOf(own: OwnVotes, kind: VoteKind): Vote | undefined {
  if (kind === VoteKind.PROPOSE) return own.propose
  if (kind === VoteKind.VOTE) return own.vote
  if (kind === VoteKind.COMMIT) return own.commit
  return kind === VoteKind.SKIP ? own.skip : undefined
}

/** What this node holds of another seat, for its recovery. */
export function votesOfSeat(
  env: AgreementEnv,
  state: Draft['state'],
  seat: number,
): readonly Vote[] {
  return [...state.views].flatMap(([view, here]) => {
    const cast = [here.votes, here.commits, here.skips].map((slots) => slots.get(seat)?.vote)
    const isLeader = leaderOf(env, view) === seat
    const node = isLeader && here.proposed ? state.blocks.get(here.proposed) : undefined
    const proposed = node && proposeVote(env, view, node)
    return [proposed, ...cast].filter((vote) => vote !== undefined)
  })
}

function proposeVote(env: AgreementEnv, view: number, node: BlockNode): Vote {
  return {
    kind: VoteKind.PROPOSE,
    epoch: env.epoch,
    view,
    block: node.hash,
    seat: leaderOf(env, view),
    signature: node.proposal.signature,
    leaderSignature: emptyBytes,
  }
}
