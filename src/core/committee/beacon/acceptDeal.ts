/** A deal in a block (BEACON-6): one for each seat, before the set is fixed. */
import { err, ok, type Result } from '../../base/result.ts'
import type { Deal } from '../../codec/sharing.ts'
import type { SharingJudge } from './judge.ts'
import { replaced, type BeaconRound } from './round.ts'
import type { RoundError } from './roundErrors.ts'

/** That the seat `deal.dealer` sent it is the caller's part. */
export function acceptDeal(
  round: BeaconRound,
  judge: SharingJudge,
  deal: Deal,
): Result<BeaconRound, RoundError> {
  if (round.phase !== 'dealing') return err({ code: 'ROUND_PHASE' })
  if (round.deals[deal.dealer] !== undefined) return err({ code: 'ROUND_TWICE' })
  const verdict = judge.deal(deal)
  if (!verdict.ok) return err({ code: 'ROUND_INVALID', cause: verdict.error })
  return ok({ ...round, deals: replaced(round.deals, deal.dealer, deal) })
}
