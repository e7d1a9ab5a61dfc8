/**
 * What a round gives (BEACON-7), and whether it gives it yet: asked with the state before a block,
 * to know whether the block can be the boundary.
 */
import { err, ok, type Result } from '../../base/result.ts'
import type { BeaconRound } from './round.ts'
import type { OutcomeError } from './roundErrors.ts'
import type { RoundTimes } from './roundTimes.ts'

export interface DealerSecret {
  readonly dealer: number
  readonly secret: Uint8Array
}

export type RoundOutcome =
  /** Of every deal in the fixed set, in seat order. */
  | { readonly kind: 'secrets'; readonly secrets: readonly DealerSecret[] }
  /** Too few deals, or not resolved within the limit. */
  | { readonly kind: 'fallback' }

/** `offsetMs`: time of the block since the start of the epoch. */
export function outcomeOf(
  round: BeaconRound,
  times: RoundTimes,
  offsetMs: number,
): Result<RoundOutcome, OutcomeError> {
  if (round.phase === 'failed') return ok({ kind: 'fallback' })
  const secrets = round.phase === 'dealing' ? undefined : secretsOf(round)
  if (secrets !== undefined) return ok({ kind: 'secrets', secrets })
  return offsetMs >= times.limitMs ? ok({ kind: 'fallback' }) : err({ code: 'BEACON_UNRESOLVED' })
}

/** Undefined while one is missing. */
function secretsOf({ deals, secrets }: BeaconRound): readonly DealerSecret[] | undefined {
  const list: DealerSecret[] = []
  for (const [dealer, deal] of deals.entries()) {
    const secret = secrets[dealer]
    if (deal === undefined) continue
    if (secret === undefined) return undefined
    list.push({ dealer, secret })
  }
  return list
}
