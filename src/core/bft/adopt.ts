/**
 * Taking in a certificate, assembled here or received (BFT-6): it is kept and forwarded once, and
 * whatever contradicts what is already held is a fork (FORK-1).
 */
import { VoteKind, type Certificate } from '../codec/chain.ts'
import { equalBytes } from '../base/bytes.ts'
import type { View } from '../types/ids.ts'
import { certificateIsValid } from './certificate.ts'
import { patchView, viewState, type Draft } from './draft.ts'
import { viewWindow } from './types.ts'

/** Returns whether the certificate was new and valid. */
export function adopt(
  draft: Draft,
  certificate: Certificate,
  options: { readonly verified: boolean },
): boolean {
  const { state, env } = draft
  const { view, kind } = certificate
  if (certificate.epoch !== env.epoch || view <= state.finalView) return false
  if (view > state.view + viewWindow.ahead && kind !== VoteKind.COMMIT) return false
  const here = viewState(state, view)
  const known =
    kind === VoteKind.VOTE
      ? here.quorum
      : kind === VoteKind.COMMIT
        ? here.commitCertificate
        : here.skipCertificate
  if (known !== undefined && equalBytes(known.block, certificate.block)) return false
  if (!options.verified && !certificateIsValid(env, certificate)) return false
  if (known !== undefined) {
    alarmFork(draft, view) // Two quorums for two blocks in one view.
    return false
  }
  if (kind === VoteKind.VOTE) patchView(draft, view, { quorum: certificate })
  else if (kind === VoteKind.COMMIT) patchView(draft, view, { commitCertificate: certificate })
  else patchView(draft, view, { skipCertificate: certificate })
  const now = viewState(draft.state, view)
  const committed = now.commitCertificate
  if (committed !== undefined && now.skipCertificate !== undefined) alarmFork(draft, view)
  if (committed !== undefined && now.quorum !== undefined) {
    if (!equalBytes(committed.block, now.quorum.block)) alarmFork(draft, view)
  }
  draft.late.push({ type: 'sendCertificate', certificate })
  return true
}

/** FORK-1: stop signing, keep both, tell the user. */
export function alarmFork(draft: Draft, view: number): void {
  draft.early.push({ type: 'alarm', code: 'FORK', view: view as View })
  draft.state = { ...draft.state, mode: { type: 'abstaining', reason: 'STATE_DIVERGED' } }
}
