/**
 * Quorum arithmetic (section 4 of the protocol, BFT-11): every count is in power.
 *
 * W is the total power, F = ⌊(W - 1)/3⌋ the power that may be faulty. Two quorums must share more
 * than F, so q ≥ ⌈(W + F + 1)/2⌉; q must be reachable without the faulty, so q ≤ W - F. Below 21
 * unweighted seats the lower bound is taken, else the upper: 15 of 21. 2F + 1 is 13 of 21, and two
 * sets of 13 share 5 seats, all of which may be faulty.
 */
import { assert } from '../base/assert.ts'
import type { Committee } from '../codec/chain.ts'

export interface Quorum {
  readonly totalPower: number
  readonly faultyPower: number
  readonly quorumPower: number
}

/** Weighted voting keeps W small enough for a bitmap and for exact sums. */
export const totalPowerMax = 63

/** From this many unweighted seats on the quorum is W - F. */
export const fullCommitteeSeats = 21

export function faultyPowerOf(totalPower: number): number {
  assert(Number.isInteger(totalPower) && totalPower >= 1, 'a committee has power')
  return Math.floor((totalPower - 1) / 3)
}

export function quorumOf(powers: readonly number[]): Quorum {
  const totalPower = powers.reduce((sum, power) => sum + power, 0)
  const faultyPower = faultyPowerOf(totalPower)
  assert(totalPower <= totalPowerMax, 'total power fits a committee')
  const isWeighted = powers.some((power) => power !== 1)
  const quorumPower =
    isWeighted || totalPower >= fullCommitteeSeats
      ? totalPower - faultyPower
      : Math.ceil((totalPower + faultyPower + 1) / 2)
  return { totalPower, faultyPower, quorumPower }
}

export function committeeQuorum(committee: Pick<Committee, 'seats'>): Quorum {
  return quorumOf(committee.seats.map((seat) => seat.power))
}
