/**
 * TX-3: balances + stake + burnt = issued, after each block from its changes, in tests from all
 * leaves.
 */
import { assert } from '../base/assert.ts'
import { changedValues, list, readSingle, type LedgerState } from './state.ts'
import { accounts, supply, validators } from './tables.ts'
import { stakeOf } from './validators.ts'

/** Balances, stake and unbonding, and burnt; equals what was issued. */
export function heldMicro(state: LedgerState): bigint {
  const balances = list(state, accounts).reduce((sum, account) => sum + account.balanceMicro, 0n)
  const stakes = list(state, validators).reduce((sum, validator) => sum + stakeOf(validator), 0n)
  return balances + stakes + readSingle(state, supply).burntMicro
}

export function supplyIsConserved(state: LedgerState): boolean {
  return heldMicro(state) === readSingle(state, supply).issuedMicro
}

/** The same for one block, in time proportional to what it changed. */
export function assertConserved(before: LedgerState, after: LedgerState): void {
  let difference = 0n
  for (const change of changedValues(before, after, accounts)) {
    difference += (change.after?.balanceMicro ?? 0n) - (change.before?.balanceMicro ?? 0n)
  }
  for (const change of changedValues(before, after, validators)) {
    if (change.after !== undefined) difference += stakeOf(change.after)
    if (change.before !== undefined) difference -= stakeOf(change.before)
  }
  const past = readSingle(before, supply)
  const now = readSingle(after, supply)
  difference += now.burntMicro - past.burntMicro - (now.issuedMicro - past.issuedMicro)
  assert(difference === 0n, 'no transaction makes or loses money')
}
