/**
 * E9 (EVID-1): a reviewer attested exact proof bytes that do not verify. Shown by the attestation
 * that it signed, whether or not a block ever held it, the bytes and what they are about.
 *
 * What it signed names the bytes and every public signal by one hash (ZK-4). So nobody is convicted
 * by another proof of the same statement, by a broken copy, or by the same bytes read against
 * another epoch, chain, key or root: of these it signed nothing. Nothing else is asked of the
 * state, and the verdict is about bytes alone: it is the same on every node and in every block.
 */
import { equalBytes, hex } from '../../base/bytes.ts'
import { err, ok, type Result } from '../../base/result.ts'
import { EvidenceKind, ReviewedStatement, type Attest, type Evidence } from '../../codec/chain.ts'
import { decodeStrict } from '../../codec/strict.ts'
import { u32Limit } from '../../emotion/u32.ts'
import { missedEpochsMax } from '../../emotion/continuity.ts'
import { bytesToField } from '../../emotion/field.ts'
import { provenanceOf } from '../../emotion/provenance.ts'
import { scoreBpMax, type EmotionalPublicInputs } from '../../emotion/publicSignals.ts'
import { scoreModeOf } from '../../emotion/scoreMode.ts'
import { protocol } from '../../params.ts'
import type { HashHex } from '../../types/ids.ts'
import type { BlockContext } from '../blockContext.ts'
import type { TransactionError } from '../errors.ts'
import { circuitChainId, proofKeyBytes } from '../readyStatement.ts'
import { convict, isConvicted } from '../slashing.ts'
import type { LedgerState } from '../state.ts'
import { decodeTransaction, type DecodedTransaction } from '../transactionBytes.ts'
import { validatorOf } from '../validators.ts'
import type { Outcome } from './outcome.ts'

const kind = 9
const attestBytesMax = 512
const statementBytesMax = 256

/** Whom the evidence accuses, as it says itself; the epoch in which the attestation counted. */
export interface FalseReview {
  readonly carrier: DecodedTransaction
  readonly attest: Attest
  readonly epoch: number
}

export function isFalseReview(payload: Pick<Evidence, 'kind'>): boolean {
  return payload.kind === EvidenceKind.E9_FALSE_REVIEW
}

export function falseReviewOf(payload: Pick<Evidence, 'first'>): FalseReview | undefined {
  const decoded = decodeTransaction(payload.first, attestBytesMax)
  const attest = decoded.ok ? decoded.value.transaction.attest : undefined
  if (!decoded.ok || attest === undefined) return undefined
  const isShaped = attest.epoch > 0 && attest.epoch < u32Limit && attest.validator.length === 32
  if (!isShaped || decoded.value.transaction.sender.length !== 32) return undefined
  return { carrier: decoded.value, attest, epoch: attest.epoch - 1 }
}

export interface ReviewedProof {
  readonly proof: Uint8Array
  readonly statement: EmotionalPublicInputs
  readonly proofKey: HashHex
}

/** What has to be verified: the proof that the attestation names, and no other. */
export function reviewedProof(
  state: LedgerState,
  { attest }: FalseReview,
  payload: Pick<Evidence, 'second' | 'statement'>,
): ReviewedProof | undefined {
  const decoded = decodeStrict(ReviewedStatement, payload.statement, statementBytesMax)
  const proof = payload.second
  if (!decoded.ok || proof.length > protocol.proofBytesMax) return undefined
  const { beacon, threshold, consentVersion, missedEpochs } = decoded.value
  const enrolmentRoot = bytesToField(decoded.value.enrolmentRoot)
  const nullifier = bytesToField(decoded.value.nullifier)
  const provenance = provenanceOf(decoded.value.provenance)
  if (!enrolmentRoot.ok || !nullifier.ok || provenance === undefined) return undefined
  const scoreMode = scoreModeOf(decoded.value.scoreMode)
  const stateBefore = bytesToField(decoded.value.stateBefore)
  const stateAfter = bytesToField(decoded.value.stateAfter)
  if (!stateBefore.ok || !stateAfter.ok || scoreMode === undefined) return undefined
  if (missedEpochs > missedEpochsMax) return undefined
  if (beacon.length !== protocol.beaconBytes || threshold > scoreBpMax) return undefined
  const statement: EmotionalPublicInputs = {
    enrolmentRoot: enrolmentRoot.value,
    nullifier: nullifier.value,
    chainId: circuitChainId(state),
    epoch: attest.epoch,
    beacon,
    identity: attest.validator,
    thresholdBp: threshold,
    consentVersion,
    provenance,
    scoreMode,
    stateBefore: stateBefore.value,
    missedEpochs,
    stateAfter: stateAfter.value,
  }
  const key = proofKeyBytes(proof, statement)
  return equalBytes(key, attest.proofKey)
    ? { proof, statement, proofKey: hex(key) as HashHex }
    : undefined
}

export function falseReview(
  state: LedgerState,
  payload: Evidence,
  context: BlockContext,
): Result<Outcome, TransactionError> {
  const fields = ['header', 'justification', 'parentHeader'] as const
  const extra = fields.find((field) => payload[field].length > 0)
  if (extra !== undefined) return err({ code: 'TX_FIELD', field: extra })
  const review = falseReviewOf(payload)
  if (review === undefined) return err({ code: 'EVIDENCE_INVALID' })
  const { derived, params, timeMs } = context
  const { carrier, epoch } = review
  const isOpen = epoch <= derived.epoch && derived.epoch <= epoch + protocol.committeesKept
  if (!isOpen) return err({ code: 'EVIDENCE_EPOCH' })
  const validator = carrier.transaction.sender
  const offence = { validator, kind, epoch, timeMs, epochNow: derived.epoch }
  if (isConvicted(state, offence, params)) return err({ code: 'EVIDENCE_KNOWN' })
  const reviewed = reviewedProof(state, review, payload)
  if (reviewed === undefined || !isTheirs(state, carrier, context)) {
    return err({ code: 'EVIDENCE_INVALID' })
  }
  const { proofKey } = reviewed
  const isWrong = context.env.verdicts.proofIsWrong(proofKey)
  if (isWrong === undefined) return err({ code: 'EVIDENCE_UNVERIFIED', proofKey })
  if (!isWrong) return err({ code: 'EVIDENCE_PROOF_HOLDS' })
  return ok(convict(state, offence, params))
}

function isTheirs(
  state: LedgerState,
  { id, signature, transaction }: DecodedTransaction,
  { chain, env }: BlockContext,
): boolean {
  const { sender, chainId } = transaction
  const isKnown = chainId === chain.chainId && validatorOf(state, sender) !== undefined
  return isKnown && env.verifier.accountSigned(sender, id, signature)
}
