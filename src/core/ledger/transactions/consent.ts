/**
 * Consent is granted to the version of the text that the chain asks for, or taken back (PRIV-4,
 * ZK-3). Free, because nobody may be kept from revoking by an empty account.
 *
 * Revoking empties the enrolment leaf, ends the credential, gives back what the freeze block drew
 * and announces absence: a seat that is fixed already goes silent without penalty. It names the
 * grant that it takes back and a grant counts only in the epoch that it names, once: so neither is
 * replayed against what was decided later.
 */
import { equalBytes } from '../../base/bytes.ts'
import { err, ok, type Result } from '../../base/result.ts'
import type { Consent } from '../../codec/chain.ts'
import type { Validator } from '../../codec/state.ts'
import type { BlockContext } from '../blockContext.ts'
import { writeCredential } from '../credential.ts'
import type { TransactionError } from '../errors.ts'
import { readSingle, writeSingle, type LedgerState } from '../state.ts'
import { draw } from '../tables.ts'
import { validatorOf } from '../validators.ts'
import type { Execute, Outcome } from './outcome.ts'

export const consent: Execute<Consent> = (state, sender, { version, grantMark }, context) => {
  const validator = validatorOf(state, sender)
  if (validator === undefined) return err({ code: 'TX_NOT_VALIDATOR' })
  if (version === 0) return revoke(state, validator, grantMark, context)
  if (grantMark !== 0) return err({ code: 'TX_FIELD', field: 'grantMark' })
  const { consentVersion } = context.params
  if (version !== consentVersion) return err({ code: 'CONSENT_VERSION', consentVersion })
  if (validator.consentVersion === version) return err({ code: 'CONSENT_GIVEN' })
  const consentMark = context.derived.epoch + 1
  if (validator.consentMark === consentMark) return err({ code: 'CONSENT_QUOTA' })
  const granted = { consentVersion: version, consentMark }
  return ok({ state: writeCredential(state, validator, granted, context), amountMicro: 0n })
}

function revoke(
  state: LedgerState,
  validator: Validator,
  grantMark: number,
  context: BlockContext,
): Result<Outcome, TransactionError> {
  const stands = validator.consentVersion > 0 && validator.consentMark === grantMark
  if (!stands) return err({ code: 'CONSENT_NONE' })
  const revoked = {
    consentVersion: 0,
    credentialExpiry: 0,
    answeredProvenance: 0,
    absent: true,
    absenceMark: context.derived.epoch + 1,
  }
  const written = writeCredential(state, validator, revoked, context)
  return ok({ state: withoutDrawn(written, validator.account), amountMicro: 0n })
}

/** From the next block on the seats and backups of the freeze block are those of others. */
function withoutDrawn(state: LedgerState, account: Uint8Array): LedgerState {
  const { seats } = readSingle(state, draw)
  const others = seats.filter((seat) => !equalBytes(seat.validator, account))
  return others.length === seats.length ? state : writeSingle(state, draw, { seats: others })
}
