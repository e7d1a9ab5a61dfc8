/**
 * What the time of a block decides, from the state before it (BEACON-6): called once for each
 * block, before its transactions.
 */
import { faultyPowerOf } from '../quorum.ts'
import type { BeaconRound } from './round.ts'
import type { RoundTimes } from './roundTimes.ts'

/** `offsetMs`: time of the block since the start of the epoch. */
export function enterBlock(round: BeaconRound, times: RoundTimes, offsetMs: number): BeaconRound {
  const { phase } = round
  if (phase === 'failed' || phase === 'sharing' || offsetMs < times.fixMs) return round
  if (phase === 'dealing' && !hasEnoughDeals(round)) return { ...round, phase: 'failed' }
  return { ...round, phase: offsetMs < times.sharesMs ? 'opening' : 'sharing' }
}

/** At least W − F of the power: the honest seats alone are as many. */
function hasEnoughDeals({ sharing, deals }: BeaconRound): boolean {
  const { seats, shareCount } = sharing
  const dealt = seats
    .filter((_, seat) => deals[seat] !== undefined)
    .reduce((sum, { power }) => sum + power, 0)
  return dealt >= shareCount - faultyPowerOf(shareCount)
}
