/** Answers of the shell: a block was executed, or built. */
import { Header, VoteKind, type Proposal, type Vote } from '../codec/chain.ts'
import { assert } from '../base/assert.ts'
import { headerFault, parentFault } from '../committee/proposalFault.ts'
import { hash } from '../crypto/hash.ts'
import type { View } from '../types/ids.ts'
import { castSkip, maySign } from './cast.ts'
import { keyOf, patchView, putBlock, viewState, type Draft } from './draft.ts'
import { mayPropose } from './guards.ts'
import { justificationMatches } from './proposal.ts'
import { emptyBytes, signVote } from './signing.ts'
import { parentOf, type Parent } from './tree.ts'
import type { BlockNode, Input } from './types.ts'

export function onChecked(draft: Draft, input: Extract<Input, { type: 'checked' }>): void {
  const node = draft.state.blocks.get(keyOf(input.hash))
  if (node?.validity !== 'checking') return
  putBlock(draft, {
    ...node,
    validity: input.valid ? 'valid' : 'invalid',
    isBoundary: input.isBoundary && !node.isTail,
  })
}

/** BFT-2: signs and sends the block that was asked for, if the view is still the same. */
export function onBuilt(draft: Draft, input: Extract<Input, { type: 'built' }>): void {
  const { state, env } = draft
  const building = state.building
  if (building?.view !== input.view) return
  const here = viewState(state, input.view)
  if (!maySign(draft, input.view) || !mayPropose(here.own)) return
  const header = Header.decode(input.header)
  if (building.parentKey !== keyOf(header.parent)) return
  const { certificate, isFirstOfEpoch } = building
  const base = {
    header: input.header,
    body: input.body,
    signature: emptyBytes,
    path: isFirstOfEpoch ? [...env.root.path] : [],
    skips: [...building.skips],
  }
  const unsigned: Proposal = certificate === undefined ? base : { ...base, parent: certificate }
  const parent = parentOf(env, state, building.parentKey)
  assert(parent !== undefined, 'a block is built on a valid parent')
  // EVID-1: what would be evidence against this seat is not signed, whoever built it.
  const isSound =
    headerFault(env, input.view, input.header) === undefined &&
    parentFault(header, parent) === undefined &&
    justificationMatches(header, unsigned)
  if (!isSound) {
    onBuildFailed(draft, input.view)
    return
  }
  const blockHash = hash('header', input.header)
  const signed = { kind: VoteKind.PROPOSE, view: input.view, block: blockHash }
  const vote: Vote = signVote(env, signed, emptyBytes)
  const proposal = { ...unsigned, signature: vote.signature }
  const node = nodeOf(proposal, parent, { header, blockHash, isBoundary: input.isBoundary })
  putBlock(draft, node)
  patchView(draft, input.view, { proposed: node.key, own: { ...here.own, propose: vote } })
  draft.recordChanged = true
  // Stored with the PROPOSE, so that a leader that crashes now can say it again (BFT-10).
  draft.votedFor.push(node)
  // Everybody waits for the proposal, and nobody for this seat's VOTE: signing it holds nothing up.
  draft.hasProposed = true
  draft.late.push({ type: 'sendProposal', proposal })
}

function nodeOf(
  proposal: Proposal,
  parent: Parent,
  built: {
    readonly header: Header
    readonly blockHash: Uint8Array
    readonly isBoundary: boolean
  },
): BlockNode {
  return {
    hash: built.blockHash,
    key: keyOf(built.blockHash),
    header: built.header,
    headerBytes: proposal.header,
    parentKey: parent.key,
    validity: 'valid',
    isBoundary: built.isBoundary && !parent.endsEpoch,
    isTail: parent.endsEpoch,
    proposal,
  }
}

/** A leader that cannot propose says so at once: its SKIP spares the others the timeout. */
export function onBuildFailed(draft: Draft, view: View): void {
  castSkip(draft, view)
}
