/**
 * A payment between accounts that are not the same and that is in order: nonce, fee and transfer in
 * one step, each account looked up and written once. It is what nearly all transactions are.
 *
 * It says what the general way says, or nothing: whatever is to be refused or is not as plain is
 * left to that way, so that there is one place for each rule (TX-1, FEE-1, REPLAY-1).
 */
import { equalBytes } from '../../base/bytes.ts'
import type { Account } from '../../codec/state.ts'
import type { BlockContext } from '../blockContext.ts'
import { find, withValue, writeAll, type LedgerState, type Place } from '../state.ts'
import { accounts } from '../tables.ts'
import type { DecodedTransaction } from '../transactionBytes.ts'

/** The state after the payment and its fee; `undefined`: ask the general way. */
export function plainPayment(
  state: LedgerState,
  { transaction }: DecodedTransaction,
  { proposer }: BlockContext,
  feeMicro: bigint,
): LedgerState | undefined {
  const { sender, nonce, feeMaxMicro, transfer } = transaction
  if (transfer === undefined || proposer === undefined) return undefined
  const { recipient, amountMicro } = transfer
  if (recipient.length !== sender.length || amountMicro === 0n || feeMicro === 0n) return undefined
  if (
    equalBytes(sender, recipient) ||
    equalBytes(sender, proposer) ||
    equalBytes(recipient, proposer)
  ) {
    return undefined
  }
  const payer = find(state, accounts, sender)
  const account = payer.value
  const balanceMicro = account === undefined ? -1n : account.balanceMicro - feeMicro - amountMicro
  if (account?.nonce !== nonce || feeMicro > feeMaxMicro || balanceMicro < 0n) return undefined
  return writeAll(state, [
    withValue(payer, { id: account.id, balanceMicro, nonce: nonce + 1 }),
    credited(find(state, accounts, proposer), proposer, feeMicro),
    credited(find(state, accounts, recipient), recipient, amountMicro),
  ])
}

function credited(place: Place<Account>, id: Uint8Array, amountMicro: bigint): Place<Account> {
  const account = place.value
  return withValue(
    place,
    account === undefined
      ? { id, balanceMicro: amountMicro, nonce: 0 }
      : {
          id: account.id,
          balanceMicro: account.balanceMicro + amountMicro,
          nonce: account.nonce,
        },
  )
}
