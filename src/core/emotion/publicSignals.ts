/**
 * The public signals of `emotional_proof`, by name (ZK-1).
 *
 * The order is that of the circuit's declarations; nothing else in the project knows an index. The
 * verifier builds every signal from what the chain says, and only `nullifier` from the READY.
 */

import { assert } from '../base/assert.ts'
import { isU32 } from './commitments.ts'
import { foldToField, isField } from './field.ts'
import { provenanceCodes, type Provenance } from './provenance.ts'

export const publicSignalNames = [
  'enrolmentRoot',
  'nullifier',
  'chainId',
  'epoch',
  'beacon',
  'identity',
  'threshold',
  'consentVersion',
  'provenance',
] as const

export type PublicSignalName = (typeof publicSignalNames)[number]

/** What a proof is checked against. */
export interface EmotionalPublicInputs {
  /** Root that boundary(e−3) carries, e the epoch of the READY. */
  readonly enrolmentRoot: bigint
  readonly nullifier: bigint
  /** 32 bytes. */
  readonly chainId: Uint8Array
  readonly epoch: number
  /** Beacon of `epoch`, 32 bytes. */
  readonly beacon: Uint8Array
  /** The validator's Ed25519 key, 32 bytes. */
  readonly identity: Uint8Array
  readonly thresholdBp: number
  readonly consentVersion: number
  readonly provenance: Provenance
}

export const scoreBpMax = 10_000

/** Each signal as a field element. */
export function publicSignalValues(
  inputs: EmotionalPublicInputs,
): Readonly<Record<PublicSignalName, bigint>> {
  assert(isField(inputs.enrolmentRoot), 'a root is a field element')
  assert(isField(inputs.nullifier), 'a nullifier is a field element')
  assert(isU32(inputs.epoch), 'an epoch in a proof is below 2^32')
  assert(isU32(inputs.consentVersion), 'a consent version is below 2^32')
  assert(
    Number.isInteger(inputs.thresholdBp) &&
      inputs.thresholdBp >= 0 &&
      inputs.thresholdBp <= scoreBpMax,
    'a threshold is in basis points',
  )
  return {
    enrolmentRoot: inputs.enrolmentRoot,
    nullifier: inputs.nullifier,
    chainId: foldToField('chainId', inputs.chainId),
    epoch: BigInt(inputs.epoch),
    beacon: foldToField('beacon', inputs.beacon),
    identity: foldToField('identity', inputs.identity),
    threshold: BigInt(inputs.thresholdBp),
    consentVersion: BigInt(inputs.consentVersion),
    provenance: BigInt(provenanceCodes[inputs.provenance]),
  }
}

/** The signals in the circuit's order. */
export function publicSignals(inputs: EmotionalPublicInputs): readonly bigint[] {
  const values = publicSignalValues(inputs)
  return publicSignalNames.map((name) => values[name])
}
