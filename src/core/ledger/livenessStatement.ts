/**
 * What the proofs of an answered challenge must be about (LIVE-1, LIVE-6, ZK-1): everything from
 * the chain, only the numbers of the windows and the claimed shares from the message. A node
 * verifies each proof against its inputs and gives the verdict under its key.
 */
import { hex } from '../base/bytes.ts'
import { err, ok, type Result } from '../base/result.ts'
import type { Liveness } from '../codec/chain.ts'
import type { Validator } from '../codec/state.ts'
import { hash } from '../crypto/hash.ts'
import { bytesToInteger, fieldToBytes } from '../emotion/field.ts'
import { proofBytesLength } from '../emotion/proofCodec.ts'
import { livenessSignals, type LivenessPublicInputs } from '../liveness/publicSignals.ts'
import { isAsked, lastAnswerEpoch } from '../liveness/schedule.ts'
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

/**
 * Refused is what cannot be an answer of this validator in this block; `windows` are in order.
 * Whether the challenge is asked is another question (`askedBeacon`): an earlier transaction of a
 * block may change that, and not what the proofs are about.
 */
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
  const claims = windows.map(({ window, share }) => ({ window, shareBp: share }))
  if (!answersChallenge(claims)) return err({ code: 'LIVENESS_WEAK' })
  const beacon = openBeacon(state, validator, epoch)
  if (!beacon.ok) return beacon
  return ok(
    windows.map(({ share, proof, window }) => {
      const publicInputs = {
        chainId: circuitChainId(state),
        epoch,
        beacon: beacon.value,
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
  const beacon = openBeacon(state, validator, epoch)
  if (!beacon.ok) return beacon
  const { credentialEpochs } = readSingle(state, parameters)
  const draw = { beacon: beacon.value, chainId: circuitChainId(state) }
  return isAsked(validator, epoch, draw, credentialEpochs)
    ? beacon
    : err({ code: 'LIVENESS_NOT_ASKED' })
}

/** Of a challenge that is known, not over, and not answered: no credential has a say in it. */
function openBeacon(
  state: LedgerState,
  validator: Validator,
  epoch: number,
): Result<Uint8Array, TransactionError> {
  const record = readSingle(state, epochRecord)
  const isOver = lastAnswerEpoch(epoch) < record.epoch
  const beacon = isOver ? undefined : beaconOf(record, epoch)
  if (beacon === undefined) return err({ code: 'LIVENESS_EPOCH', epoch: record.epoch })
  return epoch < validator.answeredMark ? err({ code: 'LIVENESS_ANSWERED' }) : ok(beacon)
}

function livenessKeyOf(proof: Uint8Array, inputs: LivenessPublicInputs): HashHex {
  const signals = livenessSignals(inputs).map((signal) => fieldToBytes(signal))
  return hex(hash('livenessProof', ...signals, proof)) as HashHex
}
