/**
 * Weighted voting power (COM-7): what a seat counts in every quorum, where a chain asks for it. Off
 * by default, where each counts one.
 */
import { totalPowerMax } from './quorum.ts'

/** Of a drawn candidate, by the stake that its weight was taken from; 1 to `seatPowerMax`. */
export function seatPower(
  stakeMicro: bigint,
  params: { readonly stakeCapMicro: bigint; readonly seatPowerMax: number },
): number {
  const { stakeCapMicro, seatPowerMax } = params
  const stake = stakeMicro < stakeCapMicro ? stakeMicro : stakeCapMicro
  return Math.max(1, Number((BigInt(seatPowerMax) * stake) / stakeCapMicro))
}

/**
 * What every power of a committee is lowered to, where it is above: the highest are lowered, all
 * together, until none is a third of the whole and the whole fits. Four of one power always do.
 */
export function powerLevel(powers: readonly number[]): number {
  const total = powers.reduce((sum, power) => sum + power, 0)
  const highest = Math.max(1, ...powers)
  if (highest === 1 || (3 * highest < total && total <= totalPowerMax)) return highest
  return powerLevel(powers.map((power) => Math.min(power, highest - 1)))
}
