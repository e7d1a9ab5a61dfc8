/**
 * The rules that forbid a signature, as predicates over what this seat signed in one view and over
 * where it stands. `cast.ts` and `checked.ts` ask them before every own signature, and the model
 * checker in `formal/` explores these same functions, not a copy of them.
 *
 * Spec: docs/spec/agreement.md, BFT-2, BFT-3, BFT-4, BFT-5, BFT-10.
 */
import { VoteKind } from '../codec/chain.ts'
import type { Agreement, OwnVotes } from './types.ts'

/** BFT-10: only an active seat signs, never at or below finality and never below its floor. */
export function maySignIn(
  state: Pick<Agreement, 'mode' | 'finalView' | 'floorView'>,
  view: number,
): boolean {
  return state.mode.type === 'active' && view >= state.floorView && view > state.finalView
}

/** BFT-2: once a view, and not in a view given up. */
export function mayPropose(own: OwnVotes): boolean {
  return own.propose === undefined && own.skip === undefined
}

/** BFT-3: once a view. */
export function mayVote(own: OwnVotes): boolean {
  return own.vote === undefined
}

/** BFT-4: once a view, unless SKIP was sent: COMMIT and SKIP exclude each other (BFT-5). */
export function mayCommit(own: OwnVotes): boolean {
  return own.commit === undefined && own.skip === undefined
}

/** BFT-5: once a view, unless COMMIT was sent; legal after VOTE. */
export function maySkip(own: OwnVotes): boolean {
  return own.skip === undefined && own.commit === undefined
}

/** BFT-2: `skips` are SKIPs of every view between the parent's and the block's, in order. */
export function skipsFillGap(
  skips: readonly { readonly kind: VoteKind; readonly view: number }[],
  gap: { readonly parentView: number; readonly view: number },
): boolean {
  return (
    skips.length === gap.view - 1 - gap.parentView &&
    skips.every(
      (skip, index) => skip.kind === VoteKind.SKIP && skip.view === gap.parentView + 1 + index,
    )
  )
}
