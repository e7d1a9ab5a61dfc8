/**
 * A seat's shares of a deal that was not opened (BEACON-6): from 18 s on, until t of the power have
 * shown theirs and the secret is known.
 */
import { assert } from '../../base/assert.ts'
import { err, ok, type Result } from '../../base/result.ts'
import type { DealShares } from '../../codec/sharing.ts'
import type { SharingJudge } from './judge.ts'
import { replaced, type BeaconRound } from './round.ts'
import type { RoundError } from './roundErrors.ts'

export function acceptShares(
  round: BeaconRound,
  judge: SharingJudge,
  shares: DealShares,
): Result<BeaconRound, RoundError> {
  if (round.phase !== 'sharing') return err({ code: 'ROUND_PHASE' })
  const { dealer, seat } = shares
  const deal = round.deals[dealer]
  const known = round.shares[dealer]
  if (deal === undefined || known === undefined) return err({ code: 'ROUND_NO_DEAL' })
  if (round.secrets[dealer] !== undefined) return err({ code: 'ROUND_KNOWN' })
  if (known.some((one) => one.seat === seat)) return err({ code: 'ROUND_TWICE' })
  const verdict = judge.shares(deal, shares)
  if (!verdict.ok) return err({ code: 'ROUND_INVALID', cause: verdict.error })
  const list = [...known, shares]
  const next = { ...round, shares: replaced(round.shares, dealer, list) }
  return ok(isEnough(round, list) ? withSecret(next, judge, dealer, list) : next)
}

function isEnough({ sharing }: BeaconRound, list: readonly DealShares[]): boolean {
  const shown = sharing.seats
    .filter((_seat, index) => list.some(({ seat }) => seat === index))
    .reduce((sum, { power }) => sum + power, 0)
  return shown >= sharing.threshold
}

/** The shares have served: what stays is the secret. */
function withSecret(
  round: BeaconRound,
  judge: SharingJudge,
  dealer: number,
  list: readonly DealShares[],
): BeaconRound {
  const secret = judge.reconstruct(list)
  assert(secret.ok, 'verified shares of t of the power give a secret')
  return {
    ...round,
    secrets: replaced(round.secrets, dealer, secret.value),
    shares: replaced(round.shares, dealer, []),
  }
}
