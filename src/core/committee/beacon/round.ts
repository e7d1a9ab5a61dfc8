/**
 * A round of the sharing (BEACON-6): what a chain knows of the deals of one epoch. Plain data, a
 * function of the blocks alone; every list has one entry for each seat.
 */
import type { Deal, DealShares } from '../../codec/sharing.ts'
import type { Sharing } from '../../crypto/pvss/sharing.ts'

/**
 * `dealing` until a block fixes the set; then `opening`, and `sharing` from the time on from which
 * shares count. `failed`: fewer deals than W − F of the power when the set was fixed.
 */
export type RoundPhase = 'dealing' | 'opening' | 'sharing' | 'failed'

export interface BeaconRound {
  readonly sharing: Sharing
  readonly phase: RoundPhase
  readonly deals: readonly (Deal | undefined)[]
  /** 32 bytes, once a deal is opened or reconstructed. */
  readonly secrets: readonly (Uint8Array | undefined)[]
  /** Verified shares of the deal of each seat. */
  readonly shares: readonly (readonly DealShares[])[]
}

export function startRound(sharing: Sharing): BeaconRound {
  const { seats } = sharing
  return {
    sharing,
    phase: 'dealing',
    deals: seats.map(() => undefined),
    secrets: seats.map(() => undefined),
    shares: seats.map(() => []),
  }
}

/** A copy of a list with another entry at `index`. */
export function replaced<T>(list: readonly T[], index: number, entry: T): readonly T[] {
  return list.map((old, at) => (at === index ? entry : old))
}
