/**
 * Builds what `emotional_proof_signed` proves: the statement of `emotional_proof` on intervals that
 * a sensor signed (ZK-10). No rule of the ledger takes it yet.
 */

import { ok, type Result } from '../base/result.ts'
import {
  eighthOf,
  sensorChallenge,
  sensorKeyHash,
  sensorMessage,
  sensorWindowHash,
  verifySensorSignature,
  type SensorFault,
  type SensorPoint,
  type SensorSignature,
} from './sensorSignature.ts'
import type { SignedPublicInputs } from './signedSignals.ts'
import {
  buildStatement,
  type CircuitInput,
  type EmotionalStatement,
  type StatementError,
} from './statement.ts'

/** A sensor's public key and its signature of the window. */
export interface SensorProof {
  readonly key: SensorPoint
  readonly signature: SensorSignature
}

export interface SignedStatement extends Omit<EmotionalStatement, 'publicInputs'> {
  /** With the name of the circuit, as the prover's port takes them. */
  readonly publicInputs: SignedPublicInputs & { readonly circuit: 'emotional_proof_signed' }
}

export function buildSignedStatement(
  options: Parameters<typeof buildStatement>[0] & { readonly sensor: SensorProof },
): Result<SignedStatement, StatementError | SensorFault> {
  const built = buildStatement(options)
  if (!built.ok) return built
  const { sensor, window, context } = options
  const message = sensorMessage(sensorWindowHash(window), sensorChallenge(context))
  const verified = verifySensorSignature(sensor.key, message, sensor.signature)
  if (!verified.ok) return verified
  const eighth = eighthOf(sensor.key)
  if (!eighth.ok) return eighth
  const keyHash = sensorKeyHash(sensor.key)
  return ok({
    ...built.value,
    publicInputs: {
      circuit: 'emotional_proof_signed',
      ...built.value.publicInputs,
      sensorKeyHash: keyHash,
    },
    circuitInput: {
      ...built.value.circuitInput,
      ...sensorInput(keyHash, eighth.value, sensor.signature),
    },
  })
}

/** The input by signal name, without a check: tests build refused statements with it. */
export function sensorInput(
  keyHash: bigint,
  eighth: SensorPoint,
  { r8, s }: SensorSignature,
): CircuitInput {
  return {
    sensorKeyHash: String(keyHash),
    sensorKeyEighth: [String(eighth.x), String(eighth.y)],
    signatureR8: [String(r8.x), String(r8.y)],
    signatureS: String(s),
  }
}
