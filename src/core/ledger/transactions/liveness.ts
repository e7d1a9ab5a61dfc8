/**
 * "I breathed what the beacon asked" (LIVE-6): one or two proven windows give a credential, or
 * renew it. Checked from cheap to dear: size, registration and signature before it gets here, then
 * eligibility, the challenge, and the proofs last. Free, and counted once a challenge.
 */
import { err, ok } from '../../base/result.ts'
import type { Liveness } from '../../codec/chain.ts'
import type { Validator } from '../../codec/state.ts'
import { u32Limit } from '../../emotion/u32.ts'
import type { BlockContext } from '../blockContext.ts'
import { writeCredential } from '../credential.ts'
import type { IneligibleReason } from '../errors.ts'
import { askedBeacon, livenessStatement } from '../livenessStatement.ts'
import { provenanceCodeOf } from '../provenanceCode.ts'
import { isJailed, validatorOf } from '../validators.ts'
import type { Execute } from './outcome.ts'

export const liveness: Execute<Liveness> = (state, sender, payload, context) => {
  const validator = validatorOf(state, sender)
  if (validator === undefined) return err({ code: 'TX_NOT_VALIDATOR' })
  const reason = ineligibleFor(validator, context)
  if (reason !== undefined) return err({ code: 'LIVENESS_NOT_ELIGIBLE', reason })
  const answeredProvenance = provenanceCodeOf(payload.provenance, context.chain)
  if (answeredProvenance === undefined) return err({ code: 'LIVENESS_PROVENANCE' })
  const proven = livenessStatement(state, sender, payload)
  if (!proven.ok) return proven
  const asked = askedBeacon(state, validator, payload.epoch)
  if (!asked.ok) return asked
  for (const { proofKey } of proven.value) {
    const verdict = context.env.verdicts.proofIsValid(proofKey)
    if (verdict === undefined) return err({ code: 'LIVENESS_UNVERIFIED', proofKey })
    if (!verdict) return err({ code: 'LIVENESS_INVALID', proofKey })
  }
  const { epoch } = payload
  const { credentialEpochs } = context.params
  const credential = {
    credentialExpiry: Math.min(epoch + credentialEpochs, u32Limit - 1),
    answeredMark: epoch + 1,
    answeredProvenance,
  }
  return ok({ state: writeCredential(state, validator, credential, context), amountMicro: 0n })
}

/** Who cannot serve anyway asks nobody to verify a proof: a free message costs a bond at stake. */
function ineligibleFor(validator: Validator, context: BlockContext): IneligibleReason | undefined {
  const { params, derived } = context
  if (validator.bondedMicro < params.bondMinMicro) return 'BOND_TOO_LOW'
  if (isJailed(validator, derived.epoch)) return 'JAILED'
  // Revoked, and the leaf is empty (ZK-3).
  return validator.consentVersion === 0 ? 'CONSENT_OLD' : undefined
}
