/**
 * The public signals of `emotional_proof_signed`, by name (ZK-1, ZK-10): those of
 * `emotional_proof`, and the sensor's key by its hash.
 */

import { assert } from '../base/assert.ts'
import { isField } from './field.ts'
import {
  publicSignalNames,
  publicSignalValues,
  type EmotionalPublicInputs,
  type PublicSignalName,
} from './publicSignals.ts'

export const signedSignalNames = [...publicSignalNames, 'sensorKeyHash'] as const

/** What a proof is checked against. */
export interface SignedPublicInputs extends EmotionalPublicInputs {
  /** Of a key that whoever checks has admitted: any other says nothing about a sensor. */
  readonly sensorKeyHash: bigint
}

/** Each signal as a field element. */
export function signedSignalValues(
  inputs: SignedPublicInputs,
): Readonly<Record<PublicSignalName | 'sensorKeyHash', bigint>> {
  assert(isField(inputs.sensorKeyHash), "a key's hash is a field element")
  return { ...publicSignalValues(inputs), sensorKeyHash: inputs.sensorKeyHash }
}

/** The signals in the circuit's order. */
export function signedSignals(inputs: SignedPublicInputs): readonly bigint[] {
  const values = signedSignalValues(inputs)
  return signedSignalNames.map((name) => values[name])
}
