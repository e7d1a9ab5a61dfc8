/**
 * What the proofs of an answered challenge must be about (LIVE-1, LIVE-6, ZK-1): everything from
 * the chain, only the number of the window and the claimed share from the message. A node verifies
 * each proof against its inputs and gives the verdict under its key.
 */
import { hex } from '../base/bytes.ts'
import { err, ok, type Result } from '../base/result.ts'
import type { Liveness } from '../codec/chain.ts'
import type { Validator } from '../codec/state.ts'
import { hash } from '../crypto/hash.ts'
import { bytesToInteger, fieldToBytes } from '../emotion/field.ts'
import { proofBytesLength } from '../emotion/proofCodec.ts'
import { livenessSignals, type LivenessPublicInputs } from '../liveness/publicSignals.ts'
import { isAsked } from '../liveness/schedule.ts'
import { answersChallenge } from '../liveness/shareClaims.ts'
import type { HashHex } from '../types/ids.ts'
import { beaconOf } from './epochs.ts'
import type { TransactionError } from './errors.ts'
import { circuitChainId } from './readyStatement.ts'
import { readSingle, type LedgerState } from './state.ts'
import { epochRecord, parameters } from './tables.ts'
import { validatorOf } from './validators.ts'

export interface ProvenWindow {
  readonly proof: Uint8Array
  readonly publicInputs: LivenessPublicInputs
  /** Names one proof of one statement. */
  readonly proofKey: HashHex
}

/** Refused is whatever the chain does not ask this validator; `windows` are in order. */
export function livenessStatement(
  state: LedgerState,
  sender: Uint8Array,
  payload: Liveness,
): Result<readonly ProvenWindow[], TransactionError> {
  const validator = validatorOf(state, sender)
  if (validator === undefined) return err({ code: 'TX_NOT_VALIDATOR' })
  const { epoch, windows } = payload
  if (windows.some(({ proof }) => proof.length !== proofBytesLength)) {
    return err({ code: 'TX_FIELD', field: 'proof' })
  }
  if (!answersChallenge(windows.map(({ share }) => share))) return err({ code: 'LIVENESS_WEAK' })
  const asked = askedBeacon(state, validator, epoch)
  if (!asked.ok) return asked
  return ok(
    windows.map(({ share, proof }, window) => {
      const publicInputs = {
        chainId: circuitChainId(state),
        epoch,
        beacon: asked.value,
        identity: sender,
        nkHash: bytesToInteger(validator.nkHash),
        window,
        shareMinBp: share,
      }
      return { proof, publicInputs, proofKey: livenessKeyOf(proof, publicInputs) }
    }),
  )
}

/** The beacon of a challenge that this validator may answer now (LIVE-2, LIVE-6). */
export function askedBeacon(
  state: LedgerState,
  validator: Validator,
  epoch: number,
): Result<Uint8Array, TransactionError> {
  const record = readSingle(state, epochRecord)
  const beacon = epoch < record.epoch ? undefined : beaconOf(record, epoch)
  if (beacon === undefined) return err({ code: 'LIVENESS_EPOCH', epoch: record.epoch })
  if (epoch < validator.answeredMark) return err({ code: 'LIVENESS_ANSWERED' })
  const { credentialEpochs } = readSingle(state, parameters)
  const draw = { beacon, chainId: circuitChainId(state) }
  return isAsked(validator, epoch, draw, credentialEpochs)
    ? ok(beacon)
    : err({ code: 'LIVENESS_NOT_ASKED' })
}

function livenessKeyOf(proof: Uint8Array, inputs: LivenessPublicInputs): HashHex {
  const signals = livenessSignals(inputs).map((signal) => fieldToBytes(signal))
  return hex(hash('livenessProof', ...signals, proof)) as HashHex
}
