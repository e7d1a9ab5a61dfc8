/** Balances and nonces. An account exists from its first credit on. */
import { assert } from '../base/assert.ts'
import type { Account } from '../codec/state.ts'
import { read, readSingle, write, writeSingle, type LedgerState } from './state.ts'
import { accounts, supply } from './tables.ts'

export function accountOf(state: LedgerState, id: Uint8Array): Account {
  return read(state, accounts, id) ?? { id, balanceMicro: 0n, nonce: 0 }
}

export function credit(state: LedgerState, id: Uint8Array, amountMicro: bigint): LedgerState {
  assert(amountMicro >= 0n, 'a credit is not negative')
  if (amountMicro === 0n) return state
  const account = accountOf(state, id)
  return write(state, accounts, id, {
    ...account,
    balanceMicro: account.balanceMicro + amountMicro,
  })
}

/** The caller has checked the balance. */
export function debit(state: LedgerState, id: Uint8Array, amountMicro: bigint): LedgerState {
  const account = accountOf(state, id)
  assert(amountMicro >= 0n, 'a debit is not negative')
  assert(account.balanceMicro >= amountMicro, 'the balance covers a debit')
  if (amountMicro === 0n) return state
  return write(state, accounts, id, {
    ...account,
    balanceMicro: account.balanceMicro - amountMicro,
  })
}

/** Takes what was removed elsewhere out of circulation (EVID-2). */
export function burn(state: LedgerState, amountMicro: bigint): LedgerState {
  if (amountMicro === 0n) return state
  const now = readSingle(state, supply)
  return writeSingle(state, supply, { ...now, burntMicro: now.burntMicro + amountMicro })
}
