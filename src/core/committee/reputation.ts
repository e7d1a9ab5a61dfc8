/**
 * Reputation of REP-1 in basis points: a tenth of the newest performance and nine tenths of what it
 * was, and without service slowly back to one half. Every division floors.
 *
 * The decay is worked out from the epoch of the last measure when somebody asks, so that who does
 * not serve costs no write.
 */
import { protocol } from '../params.ts'

export interface MeasuredReputation {
  /** Basis points, after the last measure. */
  readonly reputation: number
  /** Epoch + 1 of that measure, 0 for none. */
  readonly reputationMark: number
}

const { reputationStart, reputationMin, reputationMax } = protocol
const { reputationInertia, reputationDecayEpochs } = protocol

/** After one more service; `performance` in basis points. */
export function reputationAfter(reputation: number, performance: number): number {
  const mixed = performance + (reputationInertia - 1) * reputation
  const next = Math.floor(mixed / reputationInertia)
  return Math.max(reputationMin, Math.min(reputationMax, next))
}

/** What it is after `epoch`, when nothing was measured since its mark. */
export function reputationAt(measured: MeasuredReputation, epoch: number): number {
  const { reputation, reputationMark } = measured
  const idleEpochs = Math.max(0, epoch + 1 - reputationMark)
  const steps = Math.floor(idleEpochs / reputationDecayEpochs)
  return reputation > reputationStart
    ? Math.max(reputationStart, reputation - steps)
    : Math.min(reputationStart, reputation + steps)
}

/** The first epoch after which it is at least `floor`, which is at most one half. */
export function reputationReaches(measured: MeasuredReputation, floor: number): number {
  const { reputation, reputationMark } = measured
  return reputationMark - 1 + reputationDecayEpochs * Math.max(0, floor - reputation)
}
