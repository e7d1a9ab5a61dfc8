/**
 * The states that proofs leave for the next ones (FIT-3). A READY leaves its own when its epoch
 * turns, so that during an epoch every proof and every review of it sees the same.
 */
import type { FitnessState, ReadyEntry } from '../codec/state.ts'
import { missedEpochs } from '../emotion/continuity.ts'
import { list, read, write, type LedgerState } from './state.ts'
import { fitnessStates, readyEntries } from './tables.ts'

/** What a proof for `epoch` opens; undefined where there is none, or one that is too old. */
export function fitnessStateOf(
  state: LedgerState,
  account: Uint8Array,
  epoch: number,
): (FitnessState & { readonly missedEpochs: number }) | undefined {
  const found = read(state, fitnessStates, account)
  const missed = found && missedEpochs(found.epoch, epoch)
  return found === undefined || missed === undefined
    ? undefined
    : { ...found, missedEpochs: missed }
}

/** How READY names what its proof opens: epoch + 1, 0 for none. */
export function stateMarkOf(state: LedgerState, account: Uint8Array, epoch: number): number {
  const found = fitnessStateOf(state, account, epoch)
  return found === undefined ? 0 : found.epoch + 1
}

/** At the boundary of `epoch`, of the READYs for the next one. */
export function keepFitnessStates(state: LedgerState, epoch: number): LedgerState {
  return list(state, readyEntries).reduce((sum, entry) => kept(sum, entry, epoch + 1), state)
}

function kept(
  state: LedgerState,
  { validator, stateAfter }: ReadyEntry,
  epoch: number,
): LedgerState {
  return write(state, fitnessStates, validator, { validator, epoch, commitment: stateAfter })
}
