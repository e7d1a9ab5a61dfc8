/** Why a round does not take an object (BEACON-6), and why a boundary has to wait (BEACON-7). */
import type { DealError, OpeningError, ShareError } from '../../crypto/pvss/errors.ts'
import type { VerdictError } from './judge.ts'

export type RoundError =
  /** Deals count before the set is fixed, openings after it, shares from 18 s on. */
  | { readonly code: 'ROUND_PHASE' }
  /** The seat has dealt, or shown its shares of that deal, already. */
  | { readonly code: 'ROUND_TWICE' }
  /** No deal of that seat is in the fixed set. */
  | { readonly code: 'ROUND_NO_DEAL' }
  /** The secret of that deal is known already. */
  | { readonly code: 'ROUND_KNOWN' }
  /** The object itself is wrong, as everybody can see (E8). */
  | {
      readonly code: 'ROUND_INVALID'
      readonly cause: DealError | OpeningError | ShareError | VerdictError
    }

/** A deal of the fixed set is not resolved, and the time limit is not over. */
export interface OutcomeError {
  readonly code: 'BEACON_UNRESOLVED'
}
