/**
 * What a seat will sign next is known while it waits: after its VOTE, the COMMIT for the same block
 * (BFT-4). The work is done when a VOTE of another seat has come and the quorum is not there, so it
 * delays no message of its own.
 *
 * Nothing is cast here. Whether COMMIT may be signed is asked when the quorum is there (`cast.ts`).
 */
import { VoteKind, type Vote } from '../codec/chain.ts'
import { maySign } from './cast.ts'
import { viewState, type Draft } from './draft.ts'
import { mayCommit } from './guards.ts'
import { messageOf } from './signing.ts'

export function prepareCommit(draft: Draft, { kind, view }: Vote): void {
  const { env, state } = draft
  const { own, quorum } = viewState(state, view)
  if (kind !== VoteKind.VOTE || own.vote === undefined || quorum !== undefined) return
  if (!maySign(draft, view) || !mayCommit(own)) return
  env.own?.prepare?.(messageOf(env, { kind: VoteKind.COMMIT, view, block: own.vote.block }))
}
