/** Answers of the shell: a block was executed, or built. */
import { Header, VoteKind, type Proposal, type Vote } from '../codec/chain.ts'
import { assert } from '../base/assert.ts'
import { hash } from '../crypto/hash.ts'
import type { HashHex, View } from '../types/ids.ts'
import { castSkip, maySign } from './cast.ts'
import { keyOf, patchView, putBlock, viewState, type Draft } from './draft.ts'
import { mayPropose } from './guards.ts'
import { emptyBytes, signVote } from './signing.ts'
import { parentOf } from './tree.ts'
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
  if (input.view !== state.view || building?.view !== input.view) return
  const here = viewState(state, input.view)
  if (!maySign(draft, input.view) || !mayPropose(here.own)) return
  const header = Header.decode(input.header)
  if (building.parentKey !== keyOf(header.parent)) return
  const blockHash = hash('header', input.header)
  const signed = { kind: VoteKind.PROPOSE, view: input.view, block: blockHash }
  const vote: Vote = signVote(env, signed, emptyBytes)
  const base = {
    header: input.header,
    body: input.body,
    signature: vote.signature,
    path: building.isFirstOfEpoch ? [...env.root.path] : [],
    skips: [...building.skips],
  }
  const { certificate } = building
  const proposal: Proposal = certificate === undefined ? base : { ...base, parent: certificate }
  const node = nodeOf(draft, proposal, { header, blockHash, isBoundary: input.isBoundary })
  putBlock(draft, node)
  patchView(draft, input.view, { proposed: node.key, own: { ...here.own, propose: vote } })
  draft.recordChanged = true
  draft.late.push({ type: 'sendProposal', proposal })
}

function nodeOf(
  draft: Draft,
  proposal: Proposal,
  built: {
    readonly header: Header
    readonly blockHash: Uint8Array
    readonly isBoundary: boolean
  },
): BlockNode {
  const parentKey: HashHex = keyOf(built.header.parent)
  const parent = parentOf(draft.env, draft.state, parentKey)
  assert(parent !== undefined, 'a block is built on a valid parent')
  return {
    hash: built.blockHash,
    key: keyOf(built.blockHash),
    header: built.header,
    headerBytes: proposal.header,
    parentKey,
    validity: 'valid',
    isBoundary: built.isBoundary && !parent.endsEpoch,
    isTail: parent.endsEpoch,
    proposal,
  }
}

/** A leader that cannot propose says so at once: its SKIP spares the others the timeout. */
export function onBuildFailed(draft: Draft, view: View): void {
  if (view === draft.state.view) castSkip(draft, view)
}
