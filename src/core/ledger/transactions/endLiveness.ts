/**
 * "My credential ends here" (LIVE-6): contact with the sensor was lost. It names the challenge that
 * gave the credential, so that nobody can replay it against a later one.
 */
import { err, ok } from '../../base/result.ts'
import type { EndLiveness } from '../../codec/chain.ts'
import { writeCredential } from '../credential.ts'
import { validatorOf } from '../validators.ts'
import type { Execute } from './outcome.ts'

export const endLiveness: Execute<EndLiveness> = (state, sender, { answeredMark }, context) => {
  const validator = validatorOf(state, sender)
  if (validator === undefined) return err({ code: 'TX_NOT_VALIDATOR' })
  const isLive = validator.credentialExpiry > 0 && validator.answeredMark === answeredMark
  if (!isLive) return err({ code: 'LIVENESS_NONE' })
  const ended = { credentialExpiry: 0, answeredProvenance: 0 }
  return ok({ state: writeCredential(state, validator, ended, context), amountMicro: 0n })
}
