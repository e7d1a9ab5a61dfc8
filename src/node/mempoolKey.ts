/**
 * Under what a transaction waits and whose room it takes. Evidence has no sender and can be worded
 * in many ways, so it is known by what it accuses of (EVID-1), and a part of the sharing by its
 * sender and purpose (BEACON-6). That is what they say themselves: a key counts only once the
 * transaction was verified.
 */
import { mapKey } from '../core/base/bytes.ts'
import type {
  Attest,
  CheckpointCertificate,
  Consent,
  Duty,
  EndLiveness,
  Liveness,
} from '../core/codec/chain.ts'
import type { EvidenceMark } from '../core/codec/state.ts'
import { hasFormed } from '../core/ledger/checkpoints.ts'
import { isReviewed } from '../core/ledger/reviews.ts'
import { isConvicted } from '../core/ledger/slashing.ts'
import { read, readSingle, type LedgerState } from '../core/ledger/state.ts'
import { placeOf, readPart } from '../core/ledger/sharing/part.ts'
import { isStillOf } from '../core/ledger/sharing/isStillOf.ts'
import {
  checkpointKeyOwners,
  checkpointRecord,
  doubleVoteMarks,
  duties,
  epochRecord,
  evidenceMarks,
  parameters,
} from '../core/ledger/tables.ts'
import type { DecodedTransaction } from '../core/ledger/transactionBytes.ts'
import { doubleVoteKey, offencesOf } from '../core/ledger/transactions/doubleCheckpoint.ts'
import { renewableFrom, renewsDuty } from '../core/ledger/transactions/duty.ts'
import { offenceOf } from '../core/ledger/transactions/evidence.ts'
import {
  falseReviewOf,
  isFalseReview,
  type FalseReview,
} from '../core/ledger/transactions/falseReview.ts'
import { validatorOf } from '../core/ledger/validators.ts'
import { lastAnswerEpoch } from '../core/liveness/schedule.ts'
import { protocol } from '../core/params.ts'

const none = new Uint8Array(0)

function accusationOf({ transaction }: DecodedTransaction): EvidenceMark | undefined {
  const { evidence } = transaction
  return evidence === undefined ? undefined : offenceOf(evidence)
}

/** A committee root is part of it: after a Restart a seat says everything again (RECOVER-1). */
function purposeOf({ transaction }: DecodedTransaction): string | undefined {
  const { sharing } = transaction
  const part = sharing && readPart(sharing)
  if (part?.ok !== true) return undefined
  const { epoch, dealer, seat } = placeOf(part.value)
  return [mapKey(sharing?.committeeRoot ?? none), part.value.kind, epoch, dealer, seat].join(':')
}

/** One offence waits once: which votes show it and when it expires are anybody's to choose. */
export function keyOf(decoded: DecodedTransaction): string {
  const { doubleCheckpoint, checkpoint } = decoded.transaction
  if (doubleCheckpoint !== undefined) return doubleVoteKey(doubleCheckpoint)
  // Which voters are in it is whoever's choice that heard them; it counts once a number.
  if (checkpoint !== undefined) return `checkpoint:${String(checkpoint.number)}`
  const { liveness, endLiveness } = decoded.transaction
  // One answer to a challenge, and one end, are enough of each validator.
  if (liveness !== undefined) return `liveness:${roomOf(decoded)}:${String(liveness.epoch)}`
  if (endLiveness !== undefined) {
    return `endLiveness:${roomOf(decoded)}:${String(endLiveness.answeredMark)}`
  }
  const reviewed = reviewKeyOf(decoded)
  if (reviewed !== undefined) return reviewed
  const said = purposeOf(decoded)
  if (said !== undefined) return `sharing:${roomOf(decoded)}:${said}`
  const offence = accusationOf(decoded)
  if (offence === undefined) return mapKey(decoded.id)
  return `${roomOf(decoded)}:${String(offence.view)}`
}

/** One review of a READY waits, one accusation of E9, and one change of a consent. */
function reviewKeyOf(decoded: DecodedTransaction): string | undefined {
  const { attest, consent, evidence } = decoded.transaction
  const room = roomOf(decoded)
  if (attest !== undefined) {
    return `attest:${room}:${String(attest.epoch)}:${mapKey(attest.validator)}`
  }
  if (consent !== undefined) {
    return `consent:${room}:${String(consent.version)}:${String(consent.grantMark)}`
  }
  return evidence !== undefined && isFalseReview(evidence) ? room : undefined
}

function falseReviewIn({ transaction }: DecodedTransaction): FalseReview | undefined {
  const { evidence } = transaction
  return evidence !== undefined && isFalseReview(evidence) ? falseReviewOf(evidence) : undefined
}

/**
 * The sender, apart from all else with its READYs; or the seat or reviewer that evidence of a kind
 * accuses.
 */
export function roomOf(decoded: DecodedTransaction): string {
  const review = falseReviewIn(decoded)
  if (review !== undefined) {
    const accused = mapKey(review.carrier.transaction.sender)
    return `evidence:9:${String(review.epoch)}:${accused}`
  }
  const offence = accusationOf(decoded)
  const sender = mapKey(decoded.transaction.sender)
  if (offence === undefined) return decoded.kind === 'ready' ? `ready:${sender}` : sender
  const { kind, epoch, seat } = offence
  return `evidence:${String(kind)}:${String(epoch)}:${String(seat)}`
}

/** Last epoch: evidence is judged while the committee is kept, whatever its expiry. */
export function usefulUntil(decoded: DecodedTransaction): number {
  const { expiryEpoch, sharing, liveness, attest } = decoded.transaction
  if (attest !== undefined) return Math.min(expiryEpoch, attest.epoch - 1)
  if (liveness !== undefined) return Math.min(expiryEpoch, lastAnswerEpoch(liveness.epoch))
  const part = sharing && readPart(sharing)
  if (part?.ok === true) return placeOf(part.value).epoch
  const offence = falseReviewIn(decoded) ?? accusationOf(decoded)
  if (offence === undefined) return expiryEpoch
  return Math.min(expiryEpoch, offence.epoch + protocol.committeesKept)
}

/** What a final block holds already, or that came too late for one. */
export function isJudged(state: LedgerState, decoded: DecodedTransaction): boolean {
  const { checkpoint, duty, doubleCheckpoint, sender, sharing } = decoded.transaction
  const { liveness, endLiveness } = decoded.transaction
  if (liveness !== undefined) return isAnswered(state, sender, liveness)
  if (endLiveness !== undefined) return !isHeld(state, sender, endLiveness)
  if (sharing !== undefined) return !isStillOf(state, sharing)
  if (checkpoint !== undefined) return isPast(state, checkpoint)
  if (duty !== undefined) return isRegistered(state, sender, duty)
  if (doubleCheckpoint !== undefined) {
    const offences = offencesOf(state, doubleCheckpoint)
    return offences.every((one) => read(state, doubleVoteMarks, one) !== undefined)
  }
  const { attest, consent } = decoded.transaction
  if (attest !== undefined) return isCounted(state, sender, attest)
  if (consent !== undefined) return isDecided(state, sender, consent)
  const review = falseReviewIn(decoded)
  if (review !== undefined) return isPunished(state, decoded, review)
  const offence = accusationOf(decoded)
  if (offence === undefined) return false
  const isLate = usefulUntil(decoded) < readSingle(state, epochRecord).epoch
  return isLate || read(state, evidenceMarks, offence) !== undefined
}

function isAnswered(state: LedgerState, sender: Uint8Array, { epoch }: Liveness): boolean {
  const isOver = lastAnswerEpoch(epoch) < readSingle(state, epochRecord).epoch
  return isOver || epoch < (validatorOf(state, sender)?.answeredMark ?? 0)
}

function isHeld(state: LedgerState, sender: Uint8Array, { answeredMark }: EndLiveness): boolean {
  const validator = validatorOf(state, sender)
  return validator?.answeredMark === answeredMark && validator.credentialExpiry > 0
}

function isCounted(state: LedgerState, reviewer: Uint8Array, attest: Attest): boolean {
  const isOver = attest.epoch <= readSingle(state, epochRecord).epoch
  return isOver || isReviewed(state, { validator: attest.validator, reviewer })
}

/** Granted, or revoked since. */
function isDecided(state: LedgerState, sender: Uint8Array, consent: Consent): boolean {
  const validator = validatorOf(state, sender)
  const { version, grantMark } = consent
  if (version > 0) return validator?.consentVersion === version
  return validator?.consentVersion === 0 || validator?.consentMark !== grantMark
}

function isPunished(state: LedgerState, decoded: DecodedTransaction, review: FalseReview): boolean {
  const { epoch, carrier } = review
  const isLate = usefulUntil(decoded) < readSingle(state, epochRecord).epoch
  const offence = { validator: carrier.transaction.sender, kind: 9, epoch }
  return isLate || isConvicted(state, offence, readSingle(state, parameters))
}

/** Of a number that has formed, or cannot form any more. */
function isPast(state: LedgerState, { number }: CheckpointCertificate): boolean {
  const record = readSingle(state, checkpointRecord)
  return record.number > number || (record.number === number && hasFormed(record))
}

/** Its keys are somebody's, or its lease was renewed for longer. */
function isRegistered(state: LedgerState, sender: Uint8Array, duty: Duty): boolean {
  if (!renewsDuty(duty)) return read(state, checkpointKeyOwners, duty.key) !== undefined
  const known = read(state, duties, sender)
  const { checkpointEpochs } = readSingle(state, parameters)
  const { epoch } = readSingle(state, epochRecord)
  return known !== undefined && epoch < renewableFrom(known, checkpointEpochs)
}
