/**
 * Why the ledger refuses something, and what to do about it.
 *
 * `LedgerError` is about a block, `TransactionError` about one transaction in the mempool or a
 * block.
 */
import type { RestartStakeError } from '../restart/verifyRestart.ts'
import type { HashHex } from '../types/ids.ts'
import type { TransactionDecodeError } from './transactionBytes.ts'

export type TransactionError =
  | TransactionDecodeError
  /** Above the size limit of the chain. */
  | { readonly code: 'TX_TOO_LARGE'; readonly sizeBytesMax: number }
  /** Made for another chain. */
  | { readonly code: 'TX_CHAIN' }
  /** Its last epoch is over: sign it again with a later one. */
  | { readonly code: 'TX_EXPIRED'; readonly epoch: number }
  /** A field is missing, has the wrong length or a value that its kind does not allow. */
  | { readonly code: 'TX_FIELD'; readonly field: string }
  | { readonly code: 'TX_SIGNATURE' }
  /** Already executed, or replaced by another with this nonce. */
  | { readonly code: 'TX_NONCE_USED'; readonly next: number }
  /** Earlier transactions of the sender are missing: send them first. */
  | { readonly code: 'TX_NONCE_GAP'; readonly next: number }
  /** Allow at least this fee. */
  | { readonly code: 'TX_FEE'; readonly feeMicro: bigint }
  /** The balance does not cover amount and fee. */
  | { readonly code: 'TX_BALANCE'; readonly balanceMicro: bigint; readonly neededMicro: bigint }
  /** The sender is not registered: register first. */
  | { readonly code: 'TX_NOT_VALIDATOR' }
  | { readonly code: 'REGISTER_EXISTS' }
  /** The nonce of the proof of work does not give that many zero bits. */
  | { readonly code: 'REGISTER_WORK'; readonly workBits: number }
  /** The VRF key is invalid or its possession is not proven. */
  | { readonly code: 'REGISTER_VRF_KEY' }
  /** Consent to the version that the chain asks for. */
  | { readonly code: 'REGISTER_CONSENT'; readonly consentVersion: number }
  /** This epoch takes no more registrations: try again in the next. */
  | { readonly code: 'REGISTER_FULL' }
  /** The operator did not countersign this label for this account on this chain (COM-3). */
  | { readonly code: 'OPERATOR_SIGNATURE' }
  /** Less is bonded. */
  | { readonly code: 'UNBOND_AMOUNT'; readonly bondedMicro: bigint }
  /** Too many unbondings at once: withdraw, or wait. */
  | { readonly code: 'UNBOND_MANY' }
  /** Nothing has finished unbonding, or the stake is locked until that time. */
  | { readonly code: 'WITHDRAW_NOTHING'; readonly nextMs: number | undefined }
  /** READY is for the next epoch only. */
  | { readonly code: 'READY_EPOCH'; readonly epoch: number }
  /** Too late in the epoch; the next one can be served. */
  | { readonly code: 'READY_LATE' }
  /** One READY an identity and epoch: this one is not needed. */
  | { readonly code: 'READY_TWICE' }
  /** Not eligible; see `reason` (COM-1). */
  | { readonly code: 'READY_NOT_ELIGIBLE'; readonly reason: IneligibleReason }
  /** The ticket is not this key's signature for that epoch. */
  | { readonly code: 'READY_TICKET' }
  /** No duty in that epoch: the draw did not call this validator. */
  | { readonly code: 'READY_NOT_CALLED' }
  | { readonly code: 'READY_EPOCH_KEY' }
  /** No element of the group of the sharing (BEACON-2). */
  | { readonly code: 'READY_SHARING_KEY' }
  /** Another READY of this epoch has this nullifier: one person, one identity (E10). */
  | { readonly code: 'READY_NULLIFIER' }
  /** The chain does not accept simulated sensors (SENS-4). */
  | { readonly code: 'READY_PROVENANCE' }
  /** Claim exactly the chain's threshold, or a floor to 500 that is not below it (PRIV-5). */
  | { readonly code: 'READY_CLAIM'; readonly scoreMin: number }
  /** The chain has another state of this validator: prove again, from `stateMark` (FIT-3). */
  | { readonly code: 'READY_STATE'; readonly stateMark: number }
  /** Verify the proof of this key, then ask again. */
  | { readonly code: 'READY_PROOF_UNVERIFIED'; readonly proofKey: HashHex }
  | { readonly code: 'READY_PROOF_INVALID'; readonly proofKey: HashHex }
  /** That challenge is over, or its beacon is not known: answer the one of a coming epoch. */
  | { readonly code: 'LIVENESS_EPOCH'; readonly epoch: number }
  /** That epoch asks this validator nothing (LIVE-6): wait for the challenge of another one. */
  | { readonly code: 'LIVENESS_NOT_ASKED' }
  /** That challenge, or a later one, was answered: a proof counts once. */
  | { readonly code: 'LIVENESS_ANSWERED' }
  | { readonly code: 'LIVENESS_NOT_ELIGIBLE'; readonly reason: IneligibleReason }
  /** The claimed windows answer no challenge (LIVE-1): breathe another one. */
  | { readonly code: 'LIVENESS_WEAK' }
  /** The chain does not accept simulated sensors (SENS-4). */
  | { readonly code: 'LIVENESS_PROVENANCE' }
  /** Verify the proof of this key, then ask again. */
  | { readonly code: 'LIVENESS_UNVERIFIED'; readonly proofKey: HashHex }
  | { readonly code: 'LIVENESS_INVALID'; readonly proofKey: HashHex }
  /** There is no credential of that challenge to give up. */
  | { readonly code: 'LIVENESS_NONE' }
  /** Reviews are of READYs for the next epoch, until the boundary (ZK-4). */
  | { readonly code: 'ATTEST_EPOCH'; readonly epoch: number }
  /** Too young, too little bonded, jailed or absent: who may not be drawn reviews nobody. */
  | { readonly code: 'ATTEST_NOT_ELIGIBLE' }
  /** The beacon drew others for that READY. */
  | { readonly code: 'ATTEST_NOT_DRAWN' }
  /** No READY of that validator is on the chain: attest it when it is. */
  | { readonly code: 'ATTEST_NO_READY' }
  /** The READY on the chain has other proof bytes, or is about something else. */
  | { readonly code: 'ATTEST_PROOF' }
  /** Counted already, or more than anybody is drawn for in an epoch. */
  | { readonly code: 'ATTEST_QUOTA' }
  /** Consent is to the version that the chain asks for. */
  | { readonly code: 'CONSENT_VERSION'; readonly consentVersion: number }
  /** It stands already. */
  | { readonly code: 'CONSENT_GIVEN' }
  /** Granted in this epoch already, or made to be replayed later: grant it in the next. */
  | { readonly code: 'CONSENT_QUOTA' }
  /** No consent of that grant stands. */
  | { readonly code: 'CONSENT_NONE' }
  /** The draw is not made yet, or X is over, or the epoch is another one. */
  | { readonly code: 'CONFIRM_TIME' }
  | { readonly code: 'CONFIRM_NOT_DRAWN' }
  | { readonly code: 'CONFIRM_TWICE' }
  /** Show the state root of a newer final block. */
  | { readonly code: 'CONFIRM_STATE_ROOT' }
  | { readonly code: 'CONFIRM_SIGNATURE' }
  /** For the sharing of another epoch or committee. */
  | { readonly code: 'SHARING_PLACE'; readonly epoch: number }
  /** The sender does not hold the seat that it speaks for. */
  | { readonly code: 'SHARING_SEAT' }
  /** Deals count before the set is fixed, openings after it, shares from 18 s on (BEACON-6). */
  | { readonly code: 'SHARING_TIME' }
  /** The seat said so already, or the secret is known: it is not needed. */
  | { readonly code: 'SHARING_TWICE' }
  /** No deal of that seat is in the set. */
  | { readonly code: 'SHARING_NO_DEAL' }
  /** Judge the object of this key, then ask again. */
  | { readonly code: 'SHARING_UNVERIFIED'; readonly partKey: HashHex }
  /** Everybody can see that it is wrong (E8). */
  | { readonly code: 'SHARING_WRONG' }
  /** Announced already in this epoch, or made to be replayed later. */
  | { readonly code: 'ABSENCE_QUOTA' }
  /** This kind is not judged by this version. */
  | { readonly code: 'EVIDENCE_KIND' }
  | { readonly code: 'EVIDENCE_KNOWN' }
  /** Too old, or from an epoch that is not here yet. */
  | { readonly code: 'EVIDENCE_EPOCH' }
  /** The two votes do not contradict each other, or are not signed by that seat. */
  | { readonly code: 'EVIDENCE_INVALID' }
  /** Verify the proof of this key, then ask again (E9). */
  | { readonly code: 'EVIDENCE_UNVERIFIED'; readonly proofKey: HashHex }
  /** The proof that was attested holds: whoever sends this accuses falsely (E9). */
  | { readonly code: 'EVIDENCE_PROOF_HOLDS' }
  /** Too little is bonded, or a conviction is not over (CKPT-1). */
  | { readonly code: 'DUTY_NOT_ELIGIBLE' }
  /** A lease begins with keys. */
  | { readonly code: 'DUTY_KEYS_MISSING' }
  /** More than half of the lease is left: renew it from that epoch on. */
  | { readonly code: 'DUTY_EARLY'; readonly epoch: number }
  /** One of the keys is, or was, registered: make others. */
  | { readonly code: 'DUTY_KEY_TAKEN' }
  | { readonly code: 'DUTY_POSSESSION' }
  /** Not the number that may form now, or it has formed. */
  | { readonly code: 'CHECKPOINT_STALE'; readonly number: number }
  /** Not a bitmap over the set that votes, or nobody votes. */
  | { readonly code: 'CHECKPOINT_BITMAP' }
  /** Less than 2/3 of the stake. */
  | { readonly code: 'CHECKPOINT_WEAK'; readonly signedMicro: bigint }
  /** Verify the signature of this key, then ask again. */
  | { readonly code: 'CHECKPOINT_UNVERIFIED'; readonly proofKey: HashHex }
  | { readonly code: 'CHECKPOINT_UNSIGNED' }
  /** A restart opens a block and stands nowhere else. */
  | { readonly code: 'RESTART_PLACE' }
  | RestartError

export type RestartError =
  | RestartStakeError
  /** This chain has no restart key, and no stake that may restart this epoch. */
  | { readonly code: 'RESTART_FORBIDDEN' }
  /** Another epoch, an attempt that is not higher, or another base than the final tip. */
  | { readonly code: 'RESTART_STALE' }
  /** The committee has unknown validators, double seats, no valid order, or another attempt. */
  | { readonly code: 'RESTART_COMMITTEE' }
  /** Neither the restart key nor the voters that it names signed it. */
  | { readonly code: 'RESTART_SIGNATURE' }
  /** The base is not old enough: until then the chain only pauses. */
  | { readonly code: 'RESTART_EARLY'; readonly notBeforeMs: number }

export type IneligibleReason =
  | 'REGISTERED_TOO_LATE'
  | 'BOND_TOO_LOW'
  | 'JAILED'
  | 'CREDENTIAL_ENDED'
  | 'CONSENT_OLD'
  | 'SCORE_LOW'

/** Malformed in itself: the leader signed what no honest one signs (E5). */
export type HeaderFault =
  | { readonly code: 'HEADER_VERSION' }
  | { readonly code: 'HEADER_CHAIN' }
  | { readonly code: 'HEADER_EPOCH'; readonly epoch: number }
  | { readonly code: 'HEADER_HEIGHT'; readonly height: number }
  /** Not above the parent's time (TIME-1). */
  | { readonly code: 'HEADER_TIME'; readonly parentTimeMs: number }
  | { readonly code: 'HEADER_SEAT' }

/** Differs from what this node derives: SKIP, never evidence (STATE-3). */
export type HeaderDifference =
  | { readonly code: 'HEADER_STATE_ROOT'; readonly expected: Uint8Array }
  | { readonly code: 'HEADER_RECEIPTS_ROOT'; readonly expected: Uint8Array }
  | { readonly code: 'HEADER_COMMITTEE'; readonly expected: Uint8Array }
  | { readonly code: 'HEADER_NEXT_COMMITTEE'; readonly expected: Uint8Array }
  | { readonly code: 'HEADER_ENROLMENT_ROOT'; readonly expected: Uint8Array }

export type LedgerError =
  | HeaderFault
  | HeaderDifference
  | { readonly code: 'BLOCK_TRANSACTIONS_ROOT' }
  | { readonly code: 'BLOCK_TOO_LARGE' }
  /** A block holds only transactions that apply. */
  | { readonly code: 'BLOCK_TX_INVALID'; readonly index: number; readonly cause: TransactionError }
  /** Verify this proof or object first, then apply the block again (READY-1, BEACON-6). */
  | { readonly code: 'BLOCK_PROOF_UNVERIFIED'; readonly index: number; readonly proofKey: HashHex }
