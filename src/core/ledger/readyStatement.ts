/**
 * What the proof of a READY must be about (ZK-1, STATE-2): everything from the chain, only the
 * nullifier, the state that it leaves, the claimed score and provenance from the READY. A node
 * verifies the proof against it and gives the verdict under `proofKeyOf`.
 */
import { hex } from '../base/bytes.ts'
import { err, ok, type Result } from '../base/result.ts'
import type { Ready } from '../codec/chain.ts'
import { hash } from '../crypto/hash.ts'
import { bytesToField, bytesToInteger, fieldToBytes } from '../emotion/field.ts'
import { provenanceOf } from '../emotion/provenance.ts'
import { publicSignals, scoreBpMax, type EmotionalPublicInputs } from '../emotion/publicSignals.ts'
import { isClaim, scoreModeOf } from '../emotion/scoreMode.ts'
import type { HashHex } from '../types/ids.ts'
import { beaconOf, boundaryOf, enrolmentBoundaryEpoch } from './epochs.ts'
import type { TransactionError } from './errors.ts'
import { fitnessStateOf, stateMarkOf } from './fitnessState.ts'
import { provenanceCodeOf } from './provenanceCode.ts'
import { readSingle, type LedgerState } from './state.ts'
import { chainInfo, epochRecord, parameters } from './tables.ts'
import { validatorOf } from './validators.ts'

export interface ReadyStatement extends EmotionalPublicInputs {
  readonly provenanceCode: number
}

/** The 32 bytes that stand for the chain inside circuits: its genesis hash. */
export function circuitChainId(state: LedgerState): Uint8Array {
  return readSingle(state, chainInfo).genesisHash
}

/** What a READY says of its proof. */
export type ClaimedReady = Pick<
  Ready,
  'epoch' | 'nullifier' | 'provenance' | 'scoreThreshold' | 'scoreMode' | 'stateAfter' | 'stateMark'
>

export function readyStatement(
  state: LedgerState,
  sender: Uint8Array,
  ready: ClaimedReady,
): Result<ReadyStatement, TransactionError> {
  const chain = readSingle(state, chainInfo)
  const record = readSingle(state, epochRecord)
  const provenanceCode = provenanceCodeOf(ready.provenance, chain)
  const provenance = provenanceCode && provenanceOf(provenanceCode)
  if (provenanceCode === undefined || !provenance) return err({ code: 'READY_PROVENANCE' })
  if (ready.scoreThreshold > scoreBpMax) return err({ code: 'TX_FIELD', field: 'scoreThreshold' })
  const scoreMode = scoreModeOf(ready.scoreMode)
  if (scoreMode === undefined) return err({ code: 'TX_FIELD', field: 'scoreMode' })
  const { scoreMin } = readSingle(state, parameters)
  if (!isClaim(scoreMode, ready.scoreThreshold, scoreMin)) {
    return err({ code: 'READY_CLAIM', scoreMin })
  }
  const nullifier = bytesToField(ready.nullifier)
  if (!nullifier.ok) return err({ code: 'TX_FIELD', field: 'nullifier' })
  const stateAfter = bytesToField(ready.stateAfter)
  if (!stateAfter.ok) return err({ code: 'TX_FIELD', field: 'stateAfter' })
  const stateMark = stateMarkOf(state, sender, ready.epoch)
  if (ready.stateMark !== stateMark) return err({ code: 'READY_STATE', stateMark })
  const beacon = beaconOf(record, ready.epoch)
  const boundary = boundaryOf(record, enrolmentBoundaryEpoch(ready.epoch))
  const validator = validatorOf(state, sender)
  if (validator === undefined) return err({ code: 'TX_NOT_VALIDATOR' })
  if (beacon === undefined || boundary === undefined) {
    return err({ code: 'READY_EPOCH', epoch: record.epoch + 1 })
  }
  const before = fitnessStateOf(state, sender, ready.epoch)
  return ok({
    enrolmentRoot: bytesToInteger(boundary.enrolmentRoot),
    nullifier: nullifier.value,
    chainId: chain.genesisHash,
    epoch: ready.epoch,
    beacon,
    identity: sender,
    thresholdBp: ready.scoreThreshold,
    consentVersion: validator.consentVersion,
    provenance,
    provenanceCode,
    scoreMode,
    stateBefore: before === undefined ? 0n : bytesToInteger(before.commitment),
    missedEpochs: before?.missedEpochs ?? 0,
    stateAfter: stateAfter.value,
  })
}

/** Names one proof of one statement: the exact proof bytes and every public signal in order. */
export function proofKeyBytes(proof: Uint8Array, statement: EmotionalPublicInputs): Uint8Array {
  const signals = publicSignals(statement).map((signal) => fieldToBytes(signal))
  return hash('proofBytes', ...signals, proof)
}

export function proofKeyOf(proof: Uint8Array, statement: EmotionalPublicInputs): HashHex {
  return hex(proofKeyBytes(proof, statement)) as HashHex
}
