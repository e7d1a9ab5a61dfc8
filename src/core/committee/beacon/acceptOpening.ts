/**
 * An opening in a block (BEACON-6): from the fixing of the set until the secret is known. A late
 * one is as good as the shares that it saves, for it can only be the number that was dealt.
 */
import { err, ok, type Result } from '../../base/result.ts'
import type { DealOpening } from '../../codec/sharing.ts'
import type { SharingJudge } from './judge.ts'
import { replaced, type BeaconRound } from './round.ts'
import type { RoundError } from './roundErrors.ts'

/** Anybody may send it: nobody but the dealer knows it. */
export function acceptOpening(
  round: BeaconRound,
  judge: SharingJudge,
  opening: DealOpening,
): Result<BeaconRound, RoundError> {
  const { phase, deals, secrets } = round
  if (phase !== 'opening' && phase !== 'sharing') return err({ code: 'ROUND_PHASE' })
  const deal = deals[opening.dealer]
  if (deal === undefined) return err({ code: 'ROUND_NO_DEAL' })
  if (secrets[opening.dealer] !== undefined) return err({ code: 'ROUND_KNOWN' })
  const secret = judge.opening(deal, opening)
  if (!secret.ok) return err({ code: 'ROUND_INVALID', cause: secret.error })
  return ok({ ...round, secrets: replaced(secrets, opening.dealer, secret.value) })
}
