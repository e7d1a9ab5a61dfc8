/** Moves balance into stake (STAKE-1). */
import { err, ok } from '../../base/result.ts'
import type { Bond } from '../../codec/chain.ts'
import { accountOf, debit } from '../accounts.ts'
import { validatorOf, writeValidator } from '../validators.ts'
import type { Execute } from './outcome.ts'

export const bond: Execute<Bond> = (state, sender, { amountMicro }, context) => {
  if (amountMicro === 0n) return err({ code: 'TX_FIELD', field: 'amountMicro' })
  const validator = validatorOf(state, sender)
  if (validator === undefined) return err({ code: 'TX_NOT_VALIDATOR' })
  const { balanceMicro } = accountOf(state, sender)
  if (balanceMicro < amountMicro) {
    return err({ code: 'TX_BALANCE', balanceMicro, neededMicro: amountMicro })
  }
  const bonded = { ...validator, bondedMicro: validator.bondedMicro + amountMicro }
  const paid = debit(state, sender, amountMicro)
  return ok({ state: writeValidator(paid, bonded, context.derived.epoch), amountMicro })
}
