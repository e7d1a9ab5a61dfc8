/**
 * "I am ready to serve the next epoch" (READY-1), checked from cheap to dear: size, registration
 * and signature before it gets here, then eligibility, ticket and quota (COM-1), and the proof
 * last.
 */
import { hex } from '../../base/bytes.ts'
import { err, ok } from '../../base/result.ts'
import type { Ready } from '../../codec/chain.ts'
import type { Validator } from '../../codec/state.ts'
import { kappaQ32, ticketCounts } from '../../committee/ticket.ts'
import { weightQ32 } from '../../committee/weight.ts'
import { blsPublicKeyBytes } from '../../crypto/bls.ts'
import { isSharingKey } from '../../crypto/pvss/sharingKey.ts'
import { ticketMessage } from '../../crypto/vrf.ts'
import { phasesOf, protocol } from '../../params.ts'
import type { HashHex } from '../../types/ids.ts'
import type { BlockContext } from '../blockContext.ts'
import { beaconOf, thetaOf } from '../epochs.ts'
import type { IneligibleReason, TransactionError } from '../errors.ts'
import { proofKeyBytes, readyStatement } from '../readyStatement.ts'
import { read, readSingle, write, type LedgerState } from '../state.ts'
import { epochRecord, nullifiers, readyEntries } from '../tables.ts'
import { forTicketsOf, isJailed, validatorOf, writeValidator } from '../validators.ts'
import type { Execute } from './outcome.ts'

export const ready: Execute<Ready> = (state, sender, payload, context) => {
  const { epoch } = context.derived
  const validator = validatorOf(state, sender)
  if (validator === undefined) return err({ code: 'TX_NOT_VALIDATOR' })
  const early = findFieldFault(payload) ?? findLate(payload, context)
  if (early !== undefined) return err(early)
  const reason = ineligibleFor(validator, payload, context)
  if (reason !== undefined) return err({ code: 'READY_NOT_ELIGIBLE', reason })
  const kappa = ticketKappa(state, validator, payload, context)
  if (typeof kappa !== 'bigint') return err(kappa)
  if (read(state, readyEntries, sender) !== undefined) return err({ code: 'READY_TWICE' })
  if (read(state, nullifiers, payload.nullifier) !== undefined) {
    return err({ code: 'READY_NULLIFIER' })
  }
  const { epochKey, epochKeyPossession, sharingKey, peerId, scoreThreshold, nullifier } = payload
  if (!context.env.verifier.possessed(epochKey, epochKeyPossession)) {
    return err({ code: 'READY_EPOCH_KEY' })
  }
  if (!isSharingKey(sharingKey)) return err({ code: 'READY_SHARING_KEY' })
  const statement = readyStatement(state, sender, payload)
  if (!statement.ok) return statement
  const keyBytes = proofKeyBytes(payload.proof, statement.value)
  const proofKey = hex(keyBytes) as HashHex
  const verdict = context.env.verdicts.proofIsValid(proofKey)
  if (verdict === undefined) return err({ code: 'READY_PROOF_UNVERIFIED', proofKey })
  if (!verdict) return err({ code: 'READY_PROOF_INVALID', proofKey })

  const entered = write(state, readyEntries, sender, {
    validator: sender,
    epochKey,
    sharingKey,
    peerId,
    score: scoreThreshold,
    kappaQ32: kappa,
    nullifier,
    provenance: statement.value.provenanceCode,
    proofKey: keyBytes,
    stateAfter: payload.stateAfter,
  })
  const marked = write(entered, nullifiers, nullifier, { validator: sender })
  const present = writeValidator(marked, { ...validator, absent: false }, epoch)
  return ok({ state: present, amountMicro: 0n })
}

function findFieldFault(payload: Ready): TransactionError | undefined {
  const { epochKey, nullifier, proof, peerId } = payload
  if (epochKey.length !== blsPublicKeyBytes) return { code: 'TX_FIELD', field: 'epochKey' }
  if (nullifier.length !== 32) return { code: 'TX_FIELD', field: 'nullifier' }
  if (proof.length === 0 || proof.length > protocol.proofBytesMax) {
    return { code: 'TX_FIELD', field: 'proof' }
  }
  if (!/^[1-9A-HJ-NP-Za-km-z]+$/.test(peerId) || peerId.length > protocol.peerIdBytesMax) {
    return { code: 'TX_FIELD', field: 'peerId' }
  }
  return undefined
}

function findLate(payload: Ready, context: BlockContext): TransactionError | undefined {
  const { epoch, offsetMs } = context.derived
  if (payload.epoch !== epoch + 1) return { code: 'READY_EPOCH', epoch: epoch + 1 }
  return offsetMs > phasesOf(context.params).readyUntilMs ? { code: 'READY_LATE' } : undefined
}

/** COM-1, ZK-3; an announced absence ends with READY, so it is no reason. */
function ineligibleFor(
  validator: Validator,
  payload: Ready,
  context: BlockContext,
): IneligibleReason | undefined {
  const { params } = context
  const past = forTicketsOf(validator, payload.epoch)
  if (past === undefined) return 'REGISTERED_TOO_LATE'
  if (past.stakeMicro < params.bondMinMicro || validator.bondedMicro < params.bondMinMicro) {
    return 'BOND_TOO_LOW'
  }
  if (isJailed(validator, payload.epoch)) return 'JAILED'
  if (validator.credentialExpiry < payload.epoch) return 'CREDENTIAL_ENDED'
  if (validator.consentVersion !== params.consentVersion) return 'CONSENT_OLD'
  return payload.scoreThreshold < params.scoreMin ? 'SCORE_LOW' : undefined
}

function ticketKappa(
  state: LedgerState,
  validator: Validator,
  payload: Ready,
  context: BlockContext,
): bigint | TransactionError {
  const { chain, params, env } = context
  const record = readSingle(state, epochRecord)
  const past = forTicketsOf(validator, payload.epoch)
  const beacon = beaconOf(record, payload.epoch)
  if (past === undefined || beacon === undefined) return { code: 'READY_TICKET' }
  const message = ticketMessage({ chainId: chain.chainId, epoch: payload.epoch, beacon })
  if (!env.verifier.blsSigned(validator.vrfKey, message, payload.ticket)) {
    return { code: 'READY_TICKET' }
  }
  const weight = weightQ32(past, payload.epoch, params.stakeCapMicro)
  const kappa = kappaQ32(payload.ticket, weight)
  return ticketCounts(kappa, thetaOf(record, payload.epoch)) ? kappa : { code: 'READY_NOT_CALLED' }
}
