/** Returns what has finished unbonding to the balance, unless a conviction locks it (EVID-2). */
import { err, ok } from '../../base/result.ts'
import type { Withdraw } from '../../codec/chain.ts'
import { credit } from '../accounts.ts'
import { validatorOf, writeValidator } from '../validators.ts'
import type { Execute } from './outcome.ts'

export const withdraw: Execute<Withdraw> = (state, sender, _payload, context) => {
  const validator = validatorOf(state, sender)
  if (validator === undefined) return err({ code: 'TX_NOT_VALIDATOR' })
  const { timeMs } = context
  const isFree = (releaseMs: number): boolean =>
    releaseMs <= timeMs && validator.lockedUntilMs <= timeMs
  const released = validator.unbonding.filter((entry) => isFree(entry.releaseMs))
  if (released.length === 0) {
    const first = validator.unbonding[0]
    const nextMs = first && Math.max(first.releaseMs, validator.lockedUntilMs)
    return err({ code: 'WITHDRAW_NOTHING', nextMs })
  }
  const amountMicro = released.reduce((sum, entry) => sum + entry.amountMicro, 0n)
  const kept = validator.unbonding.filter((entry) => !isFree(entry.releaseMs))
  const next = writeValidator(state, { ...validator, unbonding: kept }, context.derived.epoch)
  return ok({ state: credit(next, sender, amountMicro), amountMicro })
}
