/** E9 as a transaction (EVID-1): the attestation, the proof bytes and what they are about. */
import { EvidenceKind } from '../../core/codec/chain.ts'
import { encodeTransaction } from '../../core/ledger/transactionBytes.ts'
import { falseReviewOf } from '../../core/ledger/transactions/falseReview.ts'
import { protocol } from '../../core/params.ts'

const none = new Uint8Array(0)

export interface FalseProof {
  readonly proof: Uint8Array
  /** Exact bytes of a ReviewedStatement. */
  readonly statement: Uint8Array
}

/** Undefined when `first` is no transaction with an attestation. */
export function falseReviewEvidence(
  chainId: string,
  first: Uint8Array,
  { proof, statement }: FalseProof,
): Uint8Array | undefined {
  const review = falseReviewOf({ first })
  if (review === undefined) return undefined
  const unused = { header: none, justification: none, parentHeader: none }
  const kind = EvidenceKind.E9_FALSE_REVIEW
  const evidence = { kind, first, second: proof, statement, ...unused }
  const expiryEpoch = review.epoch + protocol.committeesKept
  const base = { chainId, sender: none, nonce: 0, expiryEpoch, feeMaxMicro: 0n }
  return encodeTransaction({ ...base, evidence }, () => none)
}
