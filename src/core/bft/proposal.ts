/**
 * Proposals of others, and blocks fetched later (BFT-3, BFT-8): the header is checked, the
 * justification taken in, the body held until the shell has executed it.
 */
import { Header, Justification, VoteKind, type Certificate, type Proposal } from '../codec/chain.ts'
import { decodeStrict } from '../codec/strict.ts'
import { equalBytes } from '../base/bytes.ts'
import { certifyingKeys } from '../committee/certificateShape.ts'
import { headerBytesMax } from '../committee/proposalFault.ts'
import { hash } from '../crypto/hash.ts'
import { protocol } from '../params.ts'
import type { View } from '../types/ids.ts'
import { adopt } from './adopt.ts'
import { bodyMatches } from './body.ts'
import { certificateIsValid } from './certificate.ts'
import { keyOf, patchView, putBlock, refuse, viewState, type Draft } from './draft.ts'
import { skipsFillGap } from './guards.ts'
import { fileMisplaced, fileUnjustified } from './malformed.ts'
import { leaderOf, proposalIsSigned } from './signing.ts'
import { viewWindow, type BlockNode } from './types.ts'
import { fileDoubleProposal } from './votes.ts'

/** Different headers kept for one view: enough for evidence and for a certified second one. */
const headersPerViewMax = 3

export function onProposal(draft: Draft, proposal: Proposal): void {
  const header = decodeHeader(draft, proposal)
  if (header === undefined) {
    fileMisplaced(draft, proposal)
    return
  }
  const blockHash = hash('header', proposal.header)
  const key = keyOf(blockHash)
  if (draft.state.blocks.has(key)) return
  const sameView = [...draft.state.blocks.values()].filter(
    (node) => node.header.view === header.view,
  )
  if (sameView.length >= headersPerViewMax && !isCertified(draft, header.view, blockHash)) return
  const { signature } = proposal
  const isSigned = proposalIsSigned(draft.env, { view: header.view, block: blockHash, signature })
  // Not what the leader signed: someone in between. The real one may still come.
  if (!isSigned || !bodyMatches(header, proposal.body) || !justificationMatches(header, proposal)) {
    refuse(draft, proposal)
    return
  }
  const isJustified = takeJustification(draft, header, proposal)
  const node: BlockNode = {
    hash: blockHash,
    key,
    header,
    headerBytes: proposal.header,
    parentKey: keyOf(header.parent),
    validity: isJustified ? 'held' : 'invalid', // BFT-5: an invalid proposal.
    isBoundary: false,
    isTail: false,
    proposal,
  }
  putBlock(draft, node)
  note(draft, node)
  if (!isJustified) fileUnjustified(draft, header, proposal)
}

function decodeHeader(draft: Draft, proposal: Proposal): Header | undefined {
  const decoded = decodeStrict(Header, proposal.header, headerBytesMax)
  if (!decoded.ok) return undefined
  const header = decoded.value
  const { env, state } = draft
  if (header.version !== protocol.version || header.chainId !== env.chainId) return undefined
  if (header.epoch !== env.epoch) return undefined
  if (header.view <= state.finalView || header.view > state.view + viewWindow.ahead) {
    return undefined
  }
  if (header.seat !== leaderOf(env, header.view)) return undefined
  return equalBytes(header.committeeRoot, env.committeeRoot) ? header : undefined
}

function isCertified(draft: Draft, view: number, block: Uint8Array): boolean {
  const here = viewState(draft.state, view)
  const certificate = here.commitCertificate ?? here.quorum
  return certificate !== undefined && equalBytes(certificate.block, block)
}

/** The first header of a view is the one to vote on; a second one is evidence (E1). */
function note(draft: Draft, node: BlockNode): void {
  const { view } = node.header
  const here = viewState(draft.state, view)
  const first = here.proposed === undefined ? undefined : draft.state.blocks.get(here.proposed)
  if (first === undefined) {
    patchView(draft, view, { proposed: node.key })
    return
  }
  fileDoubleProposal(draft, view, [
    { block: first.hash, signature: first.proposal.signature },
    { block: node.hash, signature: node.proposal.signature },
  ])
}

/** Whether the certificates and the path are the ones that the header commits to (BFT-2). */
export function justificationMatches(header: Header, proposal: Proposal): boolean {
  const { parent, path, skips } = proposal
  const bytes = Justification.encode(
    parent === undefined ? { path, skips } : { parent, path, skips },
  )
  return equalBytes(hash('justification', bytes), header.justification)
}

/** BFT-2: QC of the parent and an NC for each view since; all of them are taken in (BFT-6). */
function takeJustification(draft: Draft, header: Header, proposal: Proposal): boolean {
  const { parent, skips } = proposal
  const parentView = justifiedView(draft, header, parent)
  if (parentView === undefined) return false
  if (!skipsFillGap(skips, { parentView, view: header.view })) return false
  return skips.every((skip) => accept(draft, skip))
}

/** View of the parent: 0 for the root of the epoch, whose hand-over was checked before. */
function justifiedView(
  draft: Draft,
  header: Header,
  parent: Certificate | undefined,
): View | undefined {
  const { env } = draft
  if (equalBytes(header.parent, env.root.hash)) return 0 as View
  if (parent === undefined || !equalBytes(parent.block, header.parent)) return undefined
  if (parent.kind !== VoteKind.VOTE && parent.kind !== VoteKind.COMMIT) return undefined
  if (parent.view >= header.view) return undefined
  return accept(draft, parent) ? (parent.view as View) : undefined
}

/**
 * Takes a certificate in; true also for one that is held already or is no longer needed. Of a copy
 * of one that is held the form is checked but not the signature: that may cost the leader (E5),
 * never who votes for it (E6).
 */
function accept(draft: Draft, certificate: Certificate): boolean {
  if (certifyingKeys(draft.env, certificate) === undefined) return false
  const here = viewState(draft.state, certificate.view)
  const held = [here.quorum, here.commitCertificate, here.skipCertificate].some(
    (known) => known?.kind === certificate.kind && equalBytes(known.block, certificate.block),
  )
  if (held) return true
  return (
    adopt(draft, certificate, { verified: false }) || certificateIsValid(draft.env, certificate)
  )
}
