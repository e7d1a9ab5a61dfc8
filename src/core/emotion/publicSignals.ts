/**
 * The public signals of `emotional_proof`, by name (ZK-1).
 *
 * The order is that of the circuit's declarations; nothing else in the project knows an index. The
 * verifier builds every signal from what the chain says, and only `nullifier`, `stateAfter` and
 * what is claimed from the READY.
 */

import { assert } from '../base/assert.ts'
import { missedEpochsMax } from './continuity.ts'
import { foldToField, isField } from './field.ts'
import { provenanceCodes, type Provenance } from './provenance.ts'
import { scoreModeCodes, type ScoreMode } from './scoreMode.ts'
import { isU32 } from './u32.ts'

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
  'scoreMode',
  'stateBefore',
  'missedEpochs',
  'stateAfter',
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
  /** What is claimed of the score; `scoreMode` says whether as its least or as its floor. */
  readonly thresholdBp: number
  readonly consentVersion: number
  readonly provenance: Provenance
  readonly scoreMode: ScoreMode
  /** Commitment that the proof before left on the chain; 0 for none, or one too old (FIT-3). */
  readonly stateBefore: bigint
  /** Epochs between that proof and this one, 0..93; 0 without it. */
  readonly missedEpochs: number
  readonly stateAfter: bigint
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
  assert(isField(inputs.stateBefore), 'a state is a field element')
  assert(isField(inputs.stateAfter), 'a state is a field element')
  const { missedEpochs } = inputs
  assert(
    Number.isInteger(missedEpochs) && missedEpochs >= 0 && missedEpochs <= missedEpochsMax,
    'a state that is too old is none',
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
    scoreMode: BigInt(scoreModeCodes[inputs.scoreMode]),
    stateBefore: inputs.stateBefore,
    missedEpochs: BigInt(missedEpochs),
    stateAfter: inputs.stateAfter,
  }
}

/** The signals in the circuit's order. */
export function publicSignals(inputs: EmotionalPublicInputs): readonly bigint[] {
  const values = publicSignalValues(inputs)
  return publicSignalNames.map((name) => values[name])
}
