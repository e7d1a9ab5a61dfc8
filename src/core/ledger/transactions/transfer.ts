/** Moves µEMO between accounts (TX-1). */
import { err, ok } from '../../base/result.ts'
import type { Transfer } from '../../codec/chain.ts'
import { accountOf, credit, debit } from '../accounts.ts'
import type { Execute } from './outcome.ts'

export const transfer: Execute<Transfer> = (state, sender, payload) => {
  const { recipient, amountMicro } = payload
  if (recipient.length !== 32) return err({ code: 'TX_FIELD', field: 'recipient' })
  if (amountMicro === 0n) return err({ code: 'TX_FIELD', field: 'amountMicro' })
  const { balanceMicro } = accountOf(state, sender)
  if (balanceMicro < amountMicro) {
    return err({ code: 'TX_BALANCE', balanceMicro, neededMicro: amountMicro })
  }
  return ok({
    state: credit(debit(state, sender, amountMicro), recipient, amountMicro),
    amountMicro,
  })
}
