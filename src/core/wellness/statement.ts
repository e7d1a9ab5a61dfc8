/**
 * Builds what `wellness_share` proves of one share: the circuit's input and the public inputs that
 * belong to it (PRIV-2, `docs/spec/proof.md`).
 *
 * What the chain may have changed is refused with a code; a share that is not of its opening is a
 * mistake of the caller.
 */

import { poseidon4 } from 'poseidon-lite/poseidon4'
import { assert } from '../base/assert.ts'
import { err, ok, type Result } from '../base/result.ts'
import { asciiField, foldToField, isField } from '../emotion/field.ts'
import { enrolmentInput, rootOfEnrolment, type OwnEnrolment } from '../emotion/ownEnrolment.ts'
import type { CircuitInput, StatementError } from '../emotion/statement.ts'
import { isU32 } from '../emotion/u32.ts'
import { generator, times, type WellnessPoint } from './group.ts'
import type { ShareOpening, WellnessShare } from './makeShare.ts'
import {
  wellnessSignalValues,
  type AffinePoint,
  type WellnessPublicInputs,
} from './publicSignals.ts'
import { noiseMax, stepsMax } from './rules.ts'

/** As the chain has it. */
export interface WellnessContext {
  /** 32 bytes. */
  readonly chainId: Uint8Array
  /** The epoch whose sum the share is for. */
  readonly epoch: number
  readonly enrolmentRoot: bigint
  /** Y of that epoch. */
  readonly key: WellnessPoint
}

export interface WellnessStatement {
  readonly circuitInput: CircuitInput
  /** With the name of the circuit, as the prover's port takes them. */
  readonly publicInputs: WellnessPublicInputs & { readonly circuit: 'wellness_share' }
}

export type WellnessStatementError = Extract<
  StatementError,
  { readonly code: 'STATEMENT_CREDENTIAL' | 'STATEMENT_ENROLMENT' }
>

const nullifierDomain = asciiField('emo/wellness/1')

/** One value for each key, chain and epoch: a second share for one sum shows. */
export function wellnessNullifier(options: {
  readonly chainId: Uint8Array
  readonly nullifierKey: bigint
  readonly epoch: number
}): bigint {
  const { chainId, nullifierKey, epoch } = options
  assert(isField(nullifierKey), 'a nullifier key is a field element')
  assert(isU32(epoch), 'an epoch in a proof is below 2^32')
  return poseidon4([nullifierDomain, foldToField('chainId', chainId), nullifierKey, epoch])
}

export function buildWellnessStatement(options: {
  readonly share: WellnessShare
  readonly opening: ShareOpening
  readonly own: OwnEnrolment
  readonly context: WellnessContext
}): Result<WellnessStatement, WellnessStatementError> {
  const { share, opening, own, context } = options
  const { chainId, epoch, enrolmentRoot, key } = context
  const { message, blinding } = opening
  assert(message >= 0 && message <= stepsMax + 2 * noiseMax, 'a message is in range')
  const masked = times(generator, BigInt(message)).add(times(key, blinding))
  assert(share.first.equals(times(generator, blinding)), 'a share is of its opening')
  assert(share.second.equals(masked), 'a share is of its opening')
  const { nullifierKey, consentVersion, credentialExpiryEpoch } = own
  if (credentialExpiryEpoch < epoch) {
    return err({ code: 'STATEMENT_CREDENTIAL', credentialExpiryEpoch })
  }
  if (rootOfEnrolment(own) !== enrolmentRoot) return err({ code: 'STATEMENT_ENROLMENT' })
  const publicInputs = {
    circuit: 'wellness_share',
    enrolmentRoot,
    nullifier: wellnessNullifier({ chainId, nullifierKey, epoch }),
    chainId,
    epoch,
    consentVersion,
    key: affine(key),
    share: { first: affine(share.first), second: affine(share.second) },
  } as const
  return ok({ circuitInput: wellnessCircuitInput({ opening, own, publicInputs }), publicInputs })
}

/** The input by signal name, without a check: tests build refused statements with it. */
export function wellnessCircuitInput(options: {
  readonly opening: ShareOpening
  readonly own: OwnEnrolment
  readonly publicInputs: WellnessPublicInputs
}): CircuitInput {
  const { opening, own, publicInputs } = options
  const { keyX, keyY, firstX, firstY, secondX, secondY, ...values } =
    wellnessSignalValues(publicInputs)
  return {
    ...Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)])),
    key: [keyX, keyY].map(String),
    first: [firstX, firstY].map(String),
    second: [secondX, secondY].map(String),
    ...enrolmentInput(own),
    message: String(opening.message),
    blinding: String(opening.blinding),
  }
}

function affine(point: WellnessPoint): AffinePoint {
  const { x, y } = point.toAffine()
  return { x, y }
}
