/** Starts the unbonding of stake; it stays within reach of slashing until withdrawn (STAKE-1). */
import { err, ok } from '../../base/result.ts'
import type { Unbond } from '../../codec/chain.ts'
import { validatorOf, writeValidator } from '../validators.ts'
import type { Execute } from './outcome.ts'

const unbondingsMax = 16

export const unbond: Execute<Unbond> = (state, sender, { amountMicro }, context) => {
  if (amountMicro === 0n) return err({ code: 'TX_FIELD', field: 'amountMicro' })
  const validator = validatorOf(state, sender)
  if (validator === undefined) return err({ code: 'TX_NOT_VALIDATOR' })
  const { bondedMicro, unbonding } = validator
  if (bondedMicro < amountMicro) return err({ code: 'UNBOND_AMOUNT', bondedMicro })
  if (unbonding.length >= unbondingsMax) return err({ code: 'UNBOND_MANY' })
  const releaseMs = context.timeMs + context.params.unbondingMs
  const next = {
    ...validator,
    bondedMicro: bondedMicro - amountMicro,
    unbonding: [...unbonding, { amountMicro, releaseMs }],
  }
  return ok({ state: writeValidator(state, next, context.derived.epoch), amountMicro })
}
