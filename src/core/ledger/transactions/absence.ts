/**
 * "I step down until my next READY" (EVID-2): nothing but the missed reward. One an epoch, and it
 * counts in the epoch that it names as its last, so that nobody can replay it later.
 */
import { err, ok } from '../../base/result.ts'
import { AbsenceReason, type Absence } from '../../codec/chain.ts'
import { validatorOf, writeValidator } from '../validators.ts'
import type { Execute } from './outcome.ts'

export const absence: Execute<Absence> = (state, sender, { reason }, context) => {
  const { epoch } = context.derived
  if (reason === AbsenceReason.ABSENCE_UNSPECIFIED)
    return err({ code: 'TX_FIELD', field: 'reason' })
  const validator = validatorOf(state, sender)
  if (validator === undefined) return err({ code: 'TX_NOT_VALIDATOR' })
  if (validator.absenceMark === epoch + 1) return err({ code: 'ABSENCE_QUOTA' })
  const next = { ...validator, absent: true, absenceMark: epoch + 1 }
  return ok({ state: writeValidator(state, next, epoch), amountMicro: 0n })
}
