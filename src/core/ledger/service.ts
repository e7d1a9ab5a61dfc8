/**
 * What a committee's service in an epoch does to its validators, at the boundary: it is noted
 * (COM-2), and its performance changes their reputation (REP-1).
 */
import type { Committee } from '../codec/chain.ts'
import { SharingPhase, type Validator } from '../codec/state.ts'
import type { Params } from '../params.ts'
import { measured } from './reputation.ts'
import { read, readSingle, type LedgerState } from './state.ts'
import { sharingDeals, sharingRound, tip } from './tables.ts'
import { validatorOf, writeValidator } from './validators.ts'

const basis = 10_000

/** The state still holds the round of the epoch; its last block is counted. */
export function noteService(
  state: LedgerState,
  committee: Committee,
  epoch: number,
  params: Params,
): LedgerState {
  return committee.seats.reduce((sum, seat, index) => {
    const validator = validatorOf(sum, seat.validator)
    if (validator === undefined) return sum
    const performance = isSpared(validator, epoch) ? undefined : performanceOf(state, index)
    const next =
      performance === undefined ? validator : measured(validator, performance, epoch, params)
    return writeValidator(sum, { ...next, servedMark: epoch + 1 }, epoch)
  }, state)
}

/** An announced absence costs nothing; a conviction of this epoch has counted as none already. */
function isSpared({ absent, reputationMark }: Validator, epoch: number): boolean {
  return absent || reputationMark === epoch + 1
}

/**
 * Basis points: of what the epoch asked of the seat, the part that its chain shows. That is a block
 * in each view that the seat led, and its deal (BEACON-3) where the round has a set. Undefined when
 * it asked nothing.
 */
export function performanceOf(state: LedgerState, seat: number): number | undefined {
  const { led, missed } = readSingle(state, tip)
  const deals = hasSet(state) ? 1 : 0
  const dealt = deals === 1 && read(state, sharingDeals, seat) !== undefined ? 1 : 0
  const blocks = led[seat] ?? 0
  const asked = blocks + (missed[seat] ?? 0) + deals
  return asked === 0 ? undefined : Math.floor(((blocks + dealt) * basis) / asked)
}

/** A round without a set says who failed to make one no better than who did not (BEACON-6). */
function hasSet(state: LedgerState): boolean {
  const { phase } = readSingle(state, sharingRound)
  return phase === SharingPhase.OPENING || phase === SharingPhase.SHOWING
}
