/**
 * What E11 costs (EVID-2): min(100 %, base · k²) of the stake with k = max(1, 21 · convicted share
 * of the duty stake), so that voters of the set weigh what seats of a committee weigh. At 5 % all
 * is lost from 21.3 % of the stake on; two checkpoints for one number take a third.
 */
import { assert } from '../base/assert.ts'
import { fullCommitteeSeats } from '../committee/quorum.ts'

const basis = 10_000n

/** Floored once, at the end; k stays a fraction. */
export function doubleVoteSlash(
  stakeMicro: bigint,
  baseBasisPoints: number,
  share: { readonly convictedMicro: bigint; readonly dutyMicro: bigint },
): bigint {
  const { convictedMicro, dutyMicro } = share
  assert(convictedMicro >= 0n && convictedMicro <= dutyMicro, 'the convicted are of the set')
  assert(dutyMicro > 0n, 'a set has stake')
  const scaled = BigInt(fullCommitteeSeats) * convictedMicro
  const k = scaled > dutyMicro ? scaled : dutyMicro
  const due = (stakeMicro * BigInt(baseBasisPoints) * k * k) / (basis * dutyMicro * dutyMicro)
  return due < stakeMicro ? due : stakeMicro
}
