/** Finality that came by sync: the agreement goes on above it (SYNC-1, BFT-6). */
import { Header, VoteKind } from '../codec/chain.ts'
import { equalBytes } from '../base/bytes.ts'
import { hash } from '../crypto/hash.ts'
import type { View } from '../types/ids.ts'
import { certificateIsValid } from './certificate.ts'
import { keyOf, putBlock, type Draft } from './draft.ts'
import { alarmFork, conflicting } from './fork.ts'
import { emptyBytes } from './signing.ts'
import type { Input } from './types.ts'

export function onSynced(draft: Draft, input: Extract<Input, { type: 'synced' }>): void {
  const { certificate } = input
  if (certificate.kind !== VoteKind.COMMIT || certificate.view <= draft.state.finalView) return
  if (!certificateIsValid(draft.env, certificate)) return
  const other = conflicting(draft, certificate)
  if (other !== undefined) {
    alarmFork(draft, certificate.view, [other, certificate])
    return
  }
  const blockHash = hash('header', input.header)
  // Only a directly certified block is a base.
  if (!equalBytes(certificate.block, blockHash)) return
  const header = Header.decode(input.header)
  const proposal = {
    header: input.header,
    body: input.body,
    signature: emptyBytes,
    path: [],
    skips: [],
  }
  putBlock(draft, {
    hash: blockHash,
    key: keyOf(blockHash),
    header,
    headerBytes: input.header,
    parentKey: keyOf(header.parent),
    validity: 'valid',
    isBoundary: false,
    isTail: false,
    proposal,
  })
  const finalView = certificate.view as View
  draft.state = {
    ...draft.state,
    finalView,
    finalKey: keyOf(blockHash),
    finalCertificate: certificate,
    floorView: Math.max(draft.state.floorView, finalView + 1) as View,
    lastProgressAtMs: draft.nowMs,
  }
}
