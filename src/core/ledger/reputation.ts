/**
 * Reputation of a validator (REP-1), and how long a low one keeps it jailed (EVID-3): until decay
 * alone has brought it back to the floor, which needs no service of it.
 */
import type { Validator } from '../codec/state.ts'
import { reputationAfter, reputationAt, reputationReaches } from '../committee/reputation.ts'
import type { Params } from '../params.ts'
import { isJailed } from './validators.ts'

/** After one more service, of this epoch; `performance` in basis points. */
export function measured(
  validator: Validator,
  performance: number,
  epoch: number,
  params: Params,
): Validator {
  const reputation = reputationAfter(reputationAt(validator, epoch - 1), performance)
  const next = { ...validator, reputation, reputationMark: epoch + 1 }
  return isJailed(validator, epoch) ? released(next, params) : next
}

/** When it is free: its jail time is over, and its reputation is at the floor or above. */
export function released(validator: Validator, params: Params): Validator {
  const reachedEpoch = reputationReaches(validator, params.jailReputationMin)
  const jailedUntilEpoch = Math.max(validator.sentenceUntilEpoch, reachedEpoch)
  return { ...validator, jailedUntilEpoch }
}
