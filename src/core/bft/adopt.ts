/**
 * Taking in a certificate, assembled here or received (BFT-6): it is kept and forwarded once, and
 * whatever contradicts what is already held is a fork (FORK-1).
 */
import { VoteKind, type Certificate } from '../codec/chain.ts'
import { equalBytes } from '../base/bytes.ts'
import { certificateIsValid, seatsOf } from './certificate.ts'
import { patchView, refuse, viewState, type Draft } from './draft.ts'
import { alarmFork, conflicting } from './fork.ts'
import { noteHeard } from './heard.ts'
import { strengthen } from './strong.ts'
import { viewWindow } from './types.ts'

/** Returns whether the certificate was new and valid. */
export function adopt(
  draft: Draft,
  certificate: Certificate,
  options: { readonly verified: boolean },
): boolean {
  const { state, env } = draft
  const { view, kind } = certificate
  if (certificate.epoch !== env.epoch) return false
  if (view <= state.finalView) {
    checkFinal(draft, certificate, options)
    return false
  }
  if (view > state.view + viewWindow.ahead && kind !== VoteKind.COMMIT) return false
  const here = viewState(state, view)
  const known =
    kind === VoteKind.VOTE
      ? here.quorum
      : kind === VoteKind.COMMIT
        ? here.commitCertificate
        : here.skipCertificate
  if (known !== undefined && equalBytes(known.block, certificate.block)) return false
  if (!options.verified && !certificateIsValid(env, certificate)) {
    refuse(draft, certificate)
    return false
  }
  noteHeard(draft, seatsOf(env, certificate), view)
  const other = conflicting(draft, certificate)
  if (other !== undefined) alarmFork(draft, view, [other, certificate])
  if (known !== undefined) return false // Two quorums for two blocks in one view.
  if (kind === VoteKind.VOTE) patchView(draft, view, { quorum: certificate })
  else if (kind === VoteKind.COMMIT) patchView(draft, view, { commitCertificate: certificate })
  else patchView(draft, view, { skipCertificate: certificate })
  draft.late.push({ type: 'sendCertificate', certificate })
  if (kind === VoteKind.COMMIT) strengthen(draft, view)
  return true
}

/** What is final stays so; a certificate that excludes it is checked all the same. */
function checkFinal(
  draft: Draft,
  certificate: Certificate,
  options: { readonly verified: boolean },
): void {
  const other = conflicting(draft, certificate)
  if (other === undefined) return
  if (!options.verified && !certificateIsValid(draft.env, certificate)) {
    refuse(draft, certificate)
    return
  }
  alarmFork(draft, certificate.view, [other, certificate])
}
