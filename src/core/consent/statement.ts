/**
 * Builds what `consent_proof` proves: the circuit's input and the public inputs that belong to it
 * (PRIV-4, `docs/spec/proof.md`).
 */

import { poseidon5 } from 'poseidon-lite/poseidon5'
import { assert } from '../base/assert.ts'
import { err, ok, type Result } from '../base/result.ts'
import { asciiField, foldToField, isField } from '../emotion/field.ts'
import { enrolmentInput, rootOfEnrolment, type OwnEnrolment } from '../emotion/ownEnrolment.ts'
import type { CircuitInput, StatementError } from '../emotion/statement.ts'
import { isU32 } from '../emotion/u32.ts'
import { consentSignalValues, type ConsentPublicInputs } from './publicSignals.ts'

/** As the chain has it and as the asker says; `ConsentPublicInputs` says what each is. */
export type ConsentContext = Pick<
  ConsentPublicInputs,
  'chainId' | 'epoch' | 'scope' | 'enrolmentRoot'
>

export interface ConsentStatement {
  readonly circuitInput: CircuitInput
  /** With the name of the circuit, as the prover's port takes them. */
  readonly publicInputs: ConsentPublicInputs & { readonly circuit: 'consent_proof' }
}

export type ConsentStatementError = Extract<
  StatementError,
  { readonly code: 'STATEMENT_ENROLMENT' }
>

const nullifierDomain = asciiField('emo/consent/1')

/** One value for each key, chain, epoch and scope. */
export function consentNullifier(options: {
  readonly chainId: Uint8Array
  readonly nullifierKey: bigint
  readonly epoch: number
  readonly scope: Uint8Array
}): bigint {
  const { chainId, nullifierKey, epoch, scope } = options
  assert(isField(nullifierKey), 'a nullifier key is a field element')
  assert(isU32(epoch), 'an epoch in a proof is below 2^32')
  return poseidon5([
    nullifierDomain,
    foldToField('chainId', chainId),
    nullifierKey,
    epoch,
    foldToField('scope', scope),
  ])
}

export function buildConsentStatement(
  own: OwnEnrolment,
  context: ConsentContext,
): Result<ConsentStatement, ConsentStatementError> {
  if (rootOfEnrolment(own) !== context.enrolmentRoot) return err({ code: 'STATEMENT_ENROLMENT' })
  const { nullifierKey, consentVersion } = own
  const nullifier = consentNullifier({ ...context, nullifierKey })
  const publicInputs = { circuit: 'consent_proof', ...context, nullifier, consentVersion } as const
  return ok({ circuitInput: consentCircuitInput(own, publicInputs), publicInputs })
}

/** The input by signal name, without a check: tests build refused statements with it. */
export function consentCircuitInput(
  own: OwnEnrolment,
  publicInputs: ConsentPublicInputs,
): CircuitInput {
  const values = Object.entries(consentSignalValues(publicInputs))
  return {
    ...Object.fromEntries(values.map(([name, value]) => [name, String(value)])),
    ...enrolmentInput(own),
  }
}
