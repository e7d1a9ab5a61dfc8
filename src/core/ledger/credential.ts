/**
 * Writes a liveness credential or a consent to the validator and to its enrolment leaf (LIVE-6,
 * ZK-3, STATE-2). Who has revoked has no leaf.
 */
import type { Validator } from '../codec/state.ts'
import { enrolmentLeaf } from '../emotion/commitments.ts'
import { bytesToInteger } from '../emotion/field.ts'
import { boundaryOfChanges, type BlockContext } from './blockContext.ts'
import { setLeaf } from './enrolment.ts'
import type { LedgerState } from './state.ts'
import { writeValidator } from './validators.ts'

export function writeCredential(
  state: LedgerState,
  validator: Validator,
  change: Partial<Validator>,
  context: BlockContext,
): LedgerState {
  const next = { ...validator, ...change }
  const leaf = leafOf(next)
  const enrolled = setLeaf(state, {
    index: next.enrolmentIndex,
    leaf,
    boundaryEpoch: boundaryOfChanges(context),
    credentialExpiryBefore: validator.credentialExpiry,
  })
  return writeValidator(enrolled, next, context.derived.epoch)
}

/** STATE-2: empty while consent is taken back. */
export function leafOf(validator: Validator): bigint {
  if (validator.consentVersion === 0) return 0n
  return enrolmentLeaf({
    identity: validator.account,
    nkHash: bytesToInteger(validator.nkHash),
    baselineCommitment: bytesToInteger(validator.baselineCommitment),
    consentVersion: validator.consentVersion,
    credentialExpiryEpoch: validator.credentialExpiry,
  })
}
