/** Writes a liveness credential to the validator and to its enrolment leaf (LIVE-6, STATE-2). */
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
  credential: Partial<Pick<Validator, 'credentialExpiry' | 'answeredMark' | 'answeredProvenance'>>,
  context: BlockContext,
): LedgerState {
  const next = { ...validator, ...credential }
  const leaf = enrolmentLeaf({
    identity: next.account,
    nkHash: bytesToInteger(next.nkHash),
    baselineCommitment: bytesToInteger(next.baselineCommitment),
    consentVersion: next.consentVersion,
    credentialExpiryEpoch: next.credentialExpiry,
  })
  const enrolled = setLeaf(state, {
    index: next.enrolmentIndex,
    leaf,
    boundaryEpoch: boundaryOfChanges(context),
    credentialExpiryBefore: validator.credentialExpiry,
  })
  return writeValidator(enrolled, next, context.derived.epoch)
}
