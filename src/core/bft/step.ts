/**
 * The agreement: Simplex (Chan & Pass, TCC 2023) as a pure function of state and input (DET-1).
 *
 * View v: the leader's PROPOSE extends the highest certified block. A quorum of VOTEs is a QC and
 * opens v+1; a quorum of SKIPs is an NC and does the same; a quorum of COMMITs is an FC and makes
 * the block final. A seat that sent SKIP(v) never sends COMMIT(v), nor the other way round, and
 * that is the whole of safety: FC(v) and NC(v) cannot both exist while at most F power is faulty.
 *
 * Spec: docs/spec/agreement.md, BFT-1 to BFT-11, TIME-1, PACE-1, EVID-1.
 * Deviations from the paper: certificates are BLS multi-signatures with a seat bitmap, so that
 * every signer is attributable; a VOTE carries the leader's signature; leaders are paced; a
 * finalised boundary block ends the epoch (EPOCH-2).
 */
import { adopt } from './adopt.ts'
import { advance } from './advance.ts'
import { onBuildFailed, onBuilt, onChecked } from './checked.ts'
import { draftOf, type Draft } from './draft.ts'
import { prune } from './finality.ts'
import { prepareCommit } from './prepare.ts'
import { onProposal } from './proposal.ts'
import { persistEffect } from './record.ts'
import { onGap, onRecoverAnswer } from './recover.ts'
import { onSynced } from './synced.ts'
import { standstill } from './standstill.ts'
import { countVote, onVote } from './votes.ts'
import type { Agreement, AgreementEnv, Effect, Input, Step } from './types.ts'

export function step(env: AgreementEnv, state: Agreement, input: Input): Step {
  if (state.mode.type === 'closed') return { state, effects: [] }
  const draft = draftOf(env, state, input.nowMs)
  apply(draft, input)
  standstill(draft)
  settle(draft)
  const effects = orderedEffects(draft)
  prune(draft)
  return { state: draft.state, effects }
}

function apply(draft: Draft, input: Input): void {
  switch (input.type) {
    case 'start':
      return
    case 'tick':
      return
    case 'proposal':
      onProposal(draft, input.proposal)
      return
    case 'vote':
      onVote(draft, input.vote)
      prepareCommit(draft, input.vote)
      return
    case 'certificate':
      adopt(draft, input.certificate, { verified: false })
      return
    case 'checked':
      onChecked(draft, input)
      return
    case 'built':
      onBuilt(draft, input)
      return
    case 'buildFailed':
      onBuildFailed(draft, input.view)
      return
    case 'recoverAnswer':
      onRecoverAnswer(draft, input)
      return
    case 'synced':
      onSynced(draft, input)
      return
    case 'gap':
      onGap(draft)
  }
}

/** Own votes can complete a quorum and open the next view: at most a few rounds. */
function settle(draft: Draft): void {
  for (let round = 0; round < 8; round += 1) {
    const before = draft.state
    draft.early.splice(0, draft.early.length, ...draft.early.filter(isNotWake))
    advance(draft)
    const cast = draft.late.slice()
    countOwnVotes(draft)
    if (draft.state === before && cast.length === draft.late.length) return
  }
}

function isNotWake(effect: Effect): boolean {
  return effect.type !== 'wake'
}

/** An own vote may be the last one of a quorum. */
function countOwnVotes(draft: Draft): void {
  for (const effect of draft.late.slice()) {
    if (effect.type === 'sendVote') countVote(draft, effect.vote)
  }
}

/** BFT-10: the record is durable before any effect that may carry an own signature. */
function orderedEffects(draft: Draft): readonly Effect[] {
  const persist = draft.recordChanged ? [persistEffect(draft)] : []
  return [...draft.early, ...persist, ...draft.late]
}
