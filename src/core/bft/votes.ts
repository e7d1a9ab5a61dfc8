/**
 * Votes of others. A signature is checked only when it decides something: when a quorum is
 * together (one aggregate check, then by halves on failure), or when a second vote of a seat
 * contradicts the first (EVID-1).
 */
import { assert } from '../base/assert.ts'
import { VoteKind, type Vote } from '../codec/chain.ts'
import { equalBytes } from '../base/bytes.ts'
import type { SeatIndex } from '../types/ids.ts'
import { adopt } from './adopt.ts'
import { aggregate, certificateIsValid, powerOf } from './certificate.ts'
import { castSkip } from './cast.ts'
import { fileEvidence, keyOf, patchView, refuse, viewState, type Draft } from './draft.ts'
import { isLongUnheard, noteHeard } from './heard.ts'
import { checkVoteOnMalformed } from './malformed.ts'
import { emptyBytes, leaderOf, proposalIsSigned, voteIsSigned } from './signing.ts'
import { strengthen } from './strong.ts'
import { viewWindow, type ViewState, type VoteSlot } from './types.ts'
import { dropWrong } from './wrongVotes.ts'

type Kind = 'votes' | 'commits' | 'skips'

const slotOf: Partial<Record<VoteKind, Kind>> = {
  [VoteKind.VOTE]: 'votes',
  [VoteKind.COMMIT]: 'commits',
  [VoteKind.SKIP]: 'skips',
}

const contradictionOf = {
  votes: 'E2_DOUBLE_VOTE',
  commits: 'E3_DOUBLE_COMMIT',
} as const

export function onVote(draft: Draft, vote: Vote): void {
  const kind = slotOf[vote.kind]
  if (kind === undefined || !isPlausible(draft, vote)) return
  const here = viewState(draft.state, vote.view)
  const known = here[kind].get(vote.seat)
  if (known !== undefined && equalBytes(known.vote.block, vote.block)) {
    if (known.verified || equalBytes(known.vote.signature, vote.signature)) return
    // Two different signatures under one name: at most one is real.
    if (!holds(draft, vote)) return
    refuse(draft, known.vote)
    keep(draft, kind, { vote, verified: true })
  } else if (known !== undefined) {
    if (!holds(draft, vote)) return
    if (!contradicts(draft, kind, known, vote)) keep(draft, kind, { vote, verified: true })
  } else {
    const verified = isLongUnheard(draft, vote.seat, vote.view)
    if (verified && !holds(draft, vote)) return
    keep(draft, kind, { vote, verified })
    if (!hasCertificate(here, kind)) draft.env.bls.prepareSignature?.(vote.signature)
  }
  crossCheck(draft, vote)
  checkLeaderSignature(draft, vote)
  checkVoteOnMalformed(draft, vote)
  onQuorum(draft, kind, vote)
  if (kind === 'commits') strengthen(draft, vote.view)
  // BFT-5: the leader's own SKIP ends its view.
  if (vote.kind === VoteKind.SKIP) followLeaderSkip(draft, vote)
}

/** Whether it is signed; if not, that is said. */
function holds(draft: Draft, vote: Vote): boolean {
  if (voteIsSigned(draft.env, vote)) return true
  refuse(draft, vote)
  return false
}

function isPlausible(draft: Draft, vote: Vote): boolean {
  const { state, env } = draft
  if (vote.epoch !== env.epoch || vote.seat >= env.seats.length) return false
  if (vote.block.length !== (vote.kind === VoteKind.SKIP ? 0 : 32)) return false
  if (vote.signature.length !== 96) return false
  // No signature covers it: any other length would be a stranger's to choose (BFT-3).
  if (vote.leaderSignature.length !== (vote.kind === VoteKind.VOTE ? 96 : 0)) return false
  if (vote.view > state.view + viewWindow.ahead) return false
  return vote.view >= 1 && vote.view + viewWindow.behind > state.finalView
}

function keep(draft: Draft, kind: Kind, slot: VoteSlot): void {
  const { view, seat } = slot.vote
  const slots = new Map(viewState(draft.state, view)[kind]).set(seat, slot)
  patchView(draft, view, { [kind]: slots })
  if (slot.verified) noteHeard(draft, [seat], view)
}

/** E2, E3. Returns whether the known vote is real, so that it stays in its slot. */
function contradicts(draft: Draft, kind: Kind, known: VoteSlot, vote: Vote): boolean {
  assert(kind !== 'skips', 'all SKIPs of a view are equal')
  if (!known.verified && !holds(draft, known.vote)) return false
  keep(draft, kind, { ...known, verified: true })
  fileEvidence(draft, {
    kind: contradictionOf[kind],
    seat: vote.seat as SeatIndex,
    first: known.vote,
    second: vote,
  })
  return true
}

/** E4: COMMIT and SKIP of one seat in one view. */
function crossCheck(draft: Draft, vote: Vote): void {
  if (vote.kind !== VoteKind.COMMIT && vote.kind !== VoteKind.SKIP) return
  const here = viewState(draft.state, vote.view)
  const commit = here.commits.get(vote.seat)
  const skip = here.skips.get(vote.seat)
  if (commit === undefined || skip === undefined) return
  for (const slot of [commit, skip]) {
    if (!slot.verified && !holds(draft, slot.vote)) return
  }
  const seat = vote.seat as SeatIndex
  const kind = 'E4_COMMIT_AND_SKIP'
  fileEvidence(draft, { kind, seat, first: commit.vote, second: skip.vote })
}

/** E1 in one hop: a VOTE shows another header signed by the leader of its view (BFT-3). */
function checkLeaderSignature(draft: Draft, vote: Vote): void {
  if (vote.kind !== VoteKind.VOTE) return
  const here = viewState(draft.state, vote.view)
  if (here.proposed === undefined || here.proposed === keyOf(vote.block)) return
  const own = draft.state.blocks.get(here.proposed)
  if (own === undefined) return
  const signature = vote.leaderSignature
  if (!proposalIsSigned(draft.env, { view: vote.view, block: vote.block, signature })) return
  fileDoubleProposal(draft, vote.view, [
    { block: own.hash, signature: own.proposal.signature },
    { block: vote.block, signature },
  ])
}

export function fileDoubleProposal(
  draft: Draft,
  view: number,
  pair: readonly [
    { readonly block: Uint8Array; readonly signature: Uint8Array },
    { readonly block: Uint8Array; readonly signature: Uint8Array },
  ],
): void {
  const seat = leaderOf(draft.env, view)
  const asVote = (one: (typeof pair)[0]): Vote => ({
    kind: VoteKind.PROPOSE,
    epoch: draft.env.epoch,
    view,
    block: one.block,
    seat,
    signature: one.signature,
    leaderSignature: emptyBytes,
  })
  fileEvidence(draft, {
    kind: 'E1_DOUBLE_PROPOSE',
    seat,
    first: asVote(pair[0]),
    second: asVote(pair[1]),
  })
}

function hasCertificate(here: ViewState, kind: Kind): boolean {
  if (kind === 'votes') return here.quorum !== undefined
  if (kind === 'commits') return here.commitCertificate !== undefined
  return here.skipCertificate !== undefined
}

/** An own vote may be the last one of a quorum. */
export function countVote(draft: Draft, vote: Vote): void {
  const kind = slotOf[vote.kind]
  assert(kind !== undefined, 'a PROPOSE is sent as a proposal')
  onQuorum(draft, kind, vote)
}

/** Assembles a certificate as soon as the votes for one block reach the quorum. */
function onQuorum(draft: Draft, kind: Kind, sample: Vote): void {
  const { env } = draft
  const here = viewState(draft.state, sample.view)
  if (hasCertificate(here, kind)) return
  const equal = [...here[kind].values()].filter((slot) => equalBytes(slot.vote.block, sample.block))
  const power = (slots: readonly VoteSlot[]): number =>
    powerOf(
      env,
      slots.map((slot) => slot.vote.seat),
    )
  if (power(equal) < env.quorumPower) return
  const votesOf = (slots: readonly VoteSlot[]): Vote[] => slots.map((slot) => slot.vote)
  const optimistic = aggregate(env, votesOf(equal))
  if (optimistic !== undefined && certificateIsValid(env, optimistic)) {
    adopt(draft, optimistic, { verified: true })
    return
  }
  // Someone's signature is wrong: keep the good ones, forget the others.
  const good = dropWrong(draft, kind, equal)
  const certificate = aggregate(env, votesOf(good))
  if (certificate !== undefined && power(good) >= env.quorumPower) {
    adopt(draft, certificate, { verified: true })
  }
}

function followLeaderSkip(draft: Draft, vote: Vote): void {
  if (vote.view !== draft.state.view || vote.seat !== leaderOf(draft.env, vote.view)) return
  const slot = viewState(draft.state, vote.view).skips.get(vote.seat)
  if (slot === undefined) return
  if (!slot.verified) {
    if (!holds(draft, slot.vote)) return
    keep(draft, 'skips', { ...slot, verified: true })
  }
  castSkip(draft, vote.view)
}
