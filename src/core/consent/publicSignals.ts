/**
 * The public signals of `consent_proof`, by name (ZK-1).
 *
 * The order is that of the circuit's declarations; nothing else in the project knows an index. Who
 * asks sets everything but the nullifier.
 */

import { assert } from '../base/assert.ts'
import { foldToField, isField } from '../emotion/field.ts'
import { isU32 } from '../emotion/u32.ts'

export const consentSignalNames = [
  'enrolmentRoot',
  'nullifier',
  'chainId',
  'epoch',
  'scope',
  'consentVersion',
] as const

export type ConsentSignalName = (typeof consentSignalNames)[number]

/** What a proof of consent is checked against. */
export interface ConsentPublicInputs {
  /** Root that a final boundary carries: the newer it is, the later consent still stood. */
  readonly enrolmentRoot: bigint
  /** Once per key, chain, epoch and scope; two scopes do not show that they are of one key. */
  readonly nullifier: bigint
  /** 32 bytes. */
  readonly chainId: Uint8Array
  readonly epoch: number
  /** 32 bytes that name the use, and who asks: a proof for one says nothing to another. */
  readonly scope: Uint8Array
  readonly consentVersion: number
}

/** Each signal as a field element. */
export function consentSignalValues(
  inputs: ConsentPublicInputs,
): Readonly<Record<ConsentSignalName, bigint>> {
  assert(isField(inputs.enrolmentRoot), 'a root is a field element')
  assert(isField(inputs.nullifier), 'a nullifier is a field element')
  assert(isU32(inputs.epoch), 'an epoch in a proof is below 2^32')
  assert(isU32(inputs.consentVersion), 'a consent version is below 2^32')
  return {
    enrolmentRoot: inputs.enrolmentRoot,
    nullifier: inputs.nullifier,
    chainId: foldToField('chainId', inputs.chainId),
    epoch: BigInt(inputs.epoch),
    scope: foldToField('scope', inputs.scope),
    consentVersion: BigInt(inputs.consentVersion),
  }
}

/** The signals in the circuit's order. */
export function consentSignals(inputs: ConsentPublicInputs): readonly bigint[] {
  const values = consentSignalValues(inputs)
  return consentSignalNames.map((name) => values[name])
}
