/**
 * Casting own votes. Every rule that forbids a signature is in `guards.ts` and is asked here and in
 * `checked.ts`: COMMIT and SKIP of one view exclude each other (BFT-5), one PROPOSE and one VOTE a
 * view (BFT-2, BFT-3), nothing below the floor, nothing while recovering or abstaining (BFT-10).
 */
import { VoteKind } from '../codec/chain.ts'
import { patchView, viewState, type Draft } from './draft.ts'
import { mayCommit, maySignIn, maySkip, mayVote } from './guards.ts'
import { emptyBytes, signVote } from './signing.ts'
import type { BlockNode, ViewState } from './types.ts'

/** Whether this seat may sign anything in `view`. */
export function maySign(draft: Draft, view: number): boolean {
  return draft.env.own !== undefined && maySignIn(draft.state, view)
}

/** BFT-3: once a view, and only in the current one. */
export function castVote(draft: Draft, node: BlockNode): void {
  const view = node.header.view
  const here = viewState(draft.state, view)
  if (!maySign(draft, view) || view !== draft.state.view || !mayVote(here.own)) return
  const signed = { kind: VoteKind.VOTE, view, block: node.hash }
  const vote = signVote(draft.env, signed, node.proposal.signature)
  const votes = new Map(here.votes).set(vote.seat, { vote, verified: true })
  patchView(draft, view, { votes, own: { ...here.own, vote } })
  // An own proposal was stored with its PROPOSE.
  if (here.own.propose === undefined) draft.votedFor.push(node)
  sendOwn(draft, vote)
}

/** BFT-4: unless SKIP(v) was sent. */
export function castCommit(draft: Draft, view: number, node: BlockNode): void {
  const here = viewState(draft.state, view)
  if (!maySign(draft, view) || !mayCommit(here.own)) return
  const vote = signVote(draft.env, { kind: VoteKind.COMMIT, view, block: node.hash }, emptyBytes)
  const commits = new Map(here.commits).set(vote.seat, { vote, verified: true })
  patchView(draft, view, { commits, own: { ...here.own, commit: vote } })
  draft.votedFor.push(node)
  sendOwn(draft, vote)
}

/** BFT-5: unless COMMIT(v) was sent; legal after VOTE(v). Only in the current view. */
export function castSkip(draft: Draft, view: number): void {
  const here: ViewState = viewState(draft.state, view)
  if (!maySign(draft, view) || view !== draft.state.view || !maySkip(here.own)) return
  const vote = signVote(draft.env, { kind: VoteKind.SKIP, view, block: emptyBytes }, emptyBytes)
  const skips = new Map(here.skips).set(vote.seat, { vote, verified: true })
  patchView(draft, view, { skips, own: { ...here.own, skip: vote } })
  sendOwn(draft, vote)
}

function sendOwn(draft: Draft, vote: ReturnType<typeof signVote>): void {
  const heardViews = draft.state.heardViews.map((view, seat) =>
    seat === vote.seat ? Math.max(view, vote.view) : view,
  )
  draft.state = { ...draft.state, heardViews }
  draft.recordChanged = true
  draft.late.push({ type: 'sendVote', vote })
}
