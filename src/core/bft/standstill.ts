/**
 * BFT-8: without new finality for a second, say again what others may have missed: the highest FC,
 * the certificates above it, own votes above it and the own proposal, oldest first and within a
 * budget.
 */
import { VoteKind } from '../codec/chain.ts'
import { certificatesAbove, ownVotes, viewState, type Draft } from './draft.ts'

/** Messages of one repetition: with votes of ~250 bytes and 21 seats well under 1 Mb/s. */
const certificatesMax = 48
const votesMax = 48

export function standstill(draft: Draft): void {
  const { state, env } = draft
  const since = Math.max(state.lastStandstillAtMs, state.lastProgressAtMs)
  if (draft.nowMs - since < env.times.standstillMs) return
  draft.state = { ...state, lastStandstillAtMs: draft.nowMs }
  for (const certificate of certificatesAbove(state).slice(0, certificatesMax)) {
    draft.late.push({ type: 'sendCertificate', certificate })
  }
  const votes = ownVotes(state).filter(
    (vote) => vote.view > state.finalView && vote.kind !== VoteKind.PROPOSE,
  )
  for (const vote of votes.slice(0, votesMax)) draft.late.push({ type: 'sendVote', vote })
  const here = viewState(state, state.view)
  const mine = here.own.propose === undefined ? undefined : here.proposed
  const node = mine === undefined ? undefined : state.blocks.get(mine)
  if (node !== undefined) draft.late.push({ type: 'sendProposal', proposal: node.proposal })
}
