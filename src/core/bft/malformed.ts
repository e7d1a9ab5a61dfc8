/**
 * Proposals that are wrong by their bytes alone, and who votes for them (EVID-1, E5 and E6). What
 * is wrong says `proposalFault.ts`; here is who is told. A header of another epoch or committee is
 * not looked at: mostly nobody of this one signed it.
 */
import { equalBytes } from '../base/bytes.ts'
import { Header, Justification, VoteKind, type Proposal, type Vote } from '../codec/chain.ts'
import {
  headerBytesMax,
  headerFault,
  justificationFault,
  parentFault,
  type ProposalFault,
  type ShownProposal,
} from '../committee/proposalFault.ts'
import { hash } from '../crypto/hash.ts'
import type { SeatIndex } from '../types/ids.ts'
import { fileEvidence, isFiled, keyOf, viewState, type Draft } from './draft.ts'
import { emptyBytes, leaderOf, messageOf, voteIsSigned } from './signing.ts'
import { viewWindow, type BlockNode } from './types.ts'

/** Malformed proposals whose voters are looked for, at most. */
const keptMax = 64

/** Of a proposal that was not taken: its leader signed what is no header, or another's view. */
export function fileMisplaced(draft: Draft, proposal: Proposal): void {
  const { env, state } = draft
  const header = readLoosely(proposal.header)
  if (header === undefined || header.epoch !== env.epoch) return
  if (!equalBytes(header.committeeRoot, env.committeeRoot)) return
  const { view, seat } = header
  if (view <= state.finalView || view > state.view + viewWindow.ahead) return
  const fault = headerFault(env, view, proposal.header)
  if (fault === undefined) return
  const shown = { header: proposal.header, justification: emptyBytes, parentHeader: emptyBytes }
  // Whoever the header names, or the leader who named another one.
  for (const signer of new Set([seat, leaderOf(env, view)])) {
    accuse(draft, { view, seat: signer, signature: proposal.signature }, shown, fault)
  }
}

/** Of a proposal that its leader signed and whose certificates do not justify it (BFT-2). */
export function fileUnjustified(draft: Draft, header: Header, proposal: Proposal): void {
  const { env } = draft
  const fault = justificationFault(env, header, proposal, (keys, message, signature) =>
    env.bls.fastAggregateVerify(keys, message, signature),
  )
  // Such a parent may be what another hand-over left: that proves nothing.
  if (fault === undefined) return
  const { parent, path, skips } = proposal
  const justification = Justification.encode(parent ? { parent, path, skips } : { path, skips })
  const shown = { header: proposal.header, justification, parentHeader: emptyBytes }
  accuse(draft, { ...header, signature: proposal.signature }, shown, fault)
}

/** Of a block that does not follow its parent; whether that is so. */
export function fileUnordered(
  draft: Draft,
  node: BlockNode,
  parent: { readonly height: number; readonly timeMs: number },
): boolean {
  const fault = parentFault(node.header, parent)
  if (fault === undefined) return false
  const parentHeader = draft.state.blocks.get(node.parentKey)?.headerBytes
  // What the committee started from is not held as bytes.
  if (parentHeader === undefined) return true
  const shown = { header: node.headerBytes, justification: emptyBytes, parentHeader }
  accuse(draft, { ...node.header, signature: node.proposal.signature }, shown, fault)
  return true
}

/** E6, for a vote that was kept; its signature is checked only here. */
export function checkVoteOnMalformed(draft: Draft, vote: Vote): void {
  if (vote.kind !== VoteKind.VOTE && vote.kind !== VoteKind.COMMIT) return
  const key = keyOf(vote.block)
  const known = draft.state.malformed.find((one) => one.key === key && one.view === vote.view)
  if (known === undefined) return
  const seat = vote.seat as SeatIndex
  const kind = 'E6_VOTE_ON_MALFORMED' as const
  const evidence = { kind, seat, first: vote, shown: known.shown }
  if (!isFiled(draft, evidence) && voteIsSigned(draft.env, vote)) fileEvidence(draft, evidence)
}

/** E5, once the signature holds; then the votes for it that are here already. */
function accuse(
  draft: Draft,
  signed: { readonly view: number; readonly seat: number; readonly signature: Uint8Array },
  shown: ShownProposal,
  fault: ProposalFault,
): void {
  const { env } = draft
  const { view, signature } = signed
  const seat = signed.seat as SeatIndex
  const block = hash('header', shown.header)
  const place = { kind: VoteKind.PROPOSE, epoch: env.epoch, view, block }
  const first: Vote = { ...place, seat, signature, leaderSignature: emptyBytes }
  const evidence = { kind: 'E5_MALFORMED_PROPOSAL' as const, seat, first, shown }
  const key = env.seats[seat]?.epochKey
  if (key === undefined || isFiled(draft, evidence)) return
  if (!env.bls.verify(key, messageOf(env, place), signature)) return
  fileEvidence(draft, evidence)
  // Who holds the certificate itself does not verify a copy of it.
  if (fault === 'SIGNATURE') return
  const kept = { key: keyOf(block), view, shown }
  const malformed = [...draft.state.malformed.slice(1 - keptMax), kept]
  draft.state = { ...draft.state, malformed }
  const { votes, commits } = viewState(draft.state, view)
  for (const { vote } of [...votes.values(), ...commits.values()]) checkVoteOnMalformed(draft, vote)
}

/** A header in any encoding, for what it says of its signer. */
function readLoosely(bytes: Uint8Array): Header | undefined {
  if (bytes.length > 2 * headerBytesMax) return undefined
  try {
    return Header.decode(bytes)
  } catch {
    return undefined
  }
}
