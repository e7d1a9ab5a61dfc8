/**
 * w₀ of COM-2: min(stake, cap)/cap · (0.6 + 0.3·reputation + 0.1·uptime) · rotation, in 2^-32.
 *
 * Multiplicative, so that splitting stake over many identities gains little. Every value is the one
 * of boundary(e - 7) for an epoch e (EPOCH-0), so that none can be chosen with the beacon in view.
 */
import { protocol } from '../params.ts'
import { reputationAt, type MeasuredReputation } from './reputation.ts'

export interface WeightInputs extends MeasuredReputation {
  readonly stakeMicro: bigint
  /** Basis points. */
  readonly uptime: number
  /** Epoch + 1 of the newest service, 0 for none. */
  readonly servedMark: number
}

/** After serving, the weight is halved; it grows by a twentieth an epoch of waiting. */
const rotationFloor = 5_000
const rotationStep = 500
const basis = 10_000

/** Basis points. The newest service that boundary(e - 7) can know of is that of e - 7. */
export function rotationOf(servedMark: number, epoch: number): number {
  if (servedMark === 0) return basis
  const waited = Math.max(0, epoch - (servedMark - 1) - protocol.stakeLagEpochs)
  return Math.min(basis, rotationFloor + rotationStep * waited)
}

export function weightQ32(inputs: WeightInputs, epoch: number, stakeCapMicro: bigint): bigint {
  const stake = inputs.stakeMicro < stakeCapMicro ? inputs.stakeMicro : stakeCapMicro
  const reputation = reputationAt(inputs, epoch - protocol.stakeLagEpochs)
  const merit = 6n * BigInt(basis) + 3n * BigInt(reputation) + BigInt(inputs.uptime)
  const rotation = BigInt(rotationOf(inputs.servedMark, epoch))
  return ((stake << 32n) * merit * rotation) / (stakeCapMicro * 10n * BigInt(basis) * BigInt(basis))
}
