/**
 * Who is known to be there (BFT-1): only a signature that holds says so, or anybody could keep a
 * dead leader's timers running. Those of a certificate were checked with it; of who is in none, one
 * vote is checked every few views.
 */
import type { Draft } from './draft.ts'

/** Views after which one more signature of a seat is checked; a round of leaders if less. */
const viewsMax = 10

export function noteHeard(draft: Draft, seats: readonly number[], view: number): void {
  const { heardViews } = draft.state
  draft.state = {
    ...draft.state,
    heardViews: heardViews.map((heard, of) => (seats.includes(of) ? Math.max(heard, view) : heard)),
  }
}

/** Whether a vote of `view` is worth a check of its own. */
export function isLongUnheard(draft: Draft, seat: number, view: number): boolean {
  const { env, state } = draft
  return view - (state.heardViews[seat] ?? 0) > Math.min(viewsMax, env.seats.length)
}
