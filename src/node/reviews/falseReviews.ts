/**
 * Notices a review of a proof that does not hold (E9): keeps, a few of each, proofs that were
 * refused and attestations that no READY of the chain answers to, and puts them together whichever
 * comes first.
 */
import { hex } from '../../core/base/bytes.ts'
import { ReviewedStatement } from '../../core/codec/chain.ts'
import { proofKeyOf, readyStatement } from '../../core/ledger/readyStatement.ts'
import { reviewedStatementOf } from '../../core/ledger/reviewedStatement.ts'
import { readSingle, type LedgerState } from '../../core/ledger/state.ts'
import { parameters } from '../../core/ledger/tables.ts'
import { decodeTransaction } from '../../core/ledger/transactionBytes.ts'
import type { MempoolError } from '../mempool.ts'
import { falseReviewEvidence, type FalseProof } from './falseReviewEvidence.ts'

/** Of each; the oldest are forgotten first. */
const keptMax = 256

/** Attestations of a proof that no block holds, or of none that is known. */
const strayCodes: ReadonlySet<string> = new Set(['ATTEST_NO_READY', 'ATTEST_PROOF'])

export class FalseReviews {
  readonly #chainId: string
  /** By the name of the proof. */
  readonly #proofs = new Map<string, FalseProof>()
  /** By the id of the transaction, with the name of the proof that it attests. */
  readonly #reviews = new Map<string, { readonly proofKey: string; readonly bytes: Uint8Array }>()

  constructor(chainId: string) {
    this.#chainId = chainId
  }

  /** Evidence that follows from a transaction that was refused on that state. */
  refused(bytes: Uint8Array, error: MempoolError, state: LedgerState): readonly Uint8Array[] {
    if (error.code === 'READY_PROOF_INVALID') return this.#onProof(bytes, error.proofKey, state)
    return strayCodes.has(error.code) ? this.#onReview(bytes, state) : []
  }

  #onProof(bytes: Uint8Array, proofKey: string, state: LedgerState): readonly Uint8Array[] {
    const proof = readProof(bytes, proofKey, state)
    if (proof === undefined) return []
    keep(this.#proofs, proofKey, proof)
    const reviews = [...this.#reviews.values()].filter((review) => review.proofKey === proofKey)
    return reviews.flatMap((review) => this.#evidence(review.bytes, proof))
  }

  #onReview(bytes: Uint8Array, state: LedgerState): readonly Uint8Array[] {
    const decoded = decodeTransaction(bytes, readSingle(state, parameters).transactionBytesMax)
    const attest = decoded.ok ? decoded.value.transaction.attest : undefined
    if (!decoded.ok || attest === undefined) return []
    const proofKey = hex(attest.proofKey)
    keep(this.#reviews, hex(decoded.value.id), { proofKey, bytes })
    const proof = this.#proofs.get(proofKey)
    return proof === undefined ? [] : this.#evidence(bytes, proof)
  }

  #evidence(review: Uint8Array, proof: FalseProof): readonly Uint8Array[] {
    const evidence = falseReviewEvidence(this.#chainId, review, proof)
    return evidence === undefined ? [] : [evidence]
  }
}

function keep<T>(kept: Map<string, T>, key: string, value: T): void {
  kept.set(key, value)
  const [oldest] = kept.keys()
  if (kept.size > keptMax && oldest !== undefined) kept.delete(oldest)
}

/** The proof of a READY, with what it was refused for on this state. */
function readProof(
  bytes: Uint8Array,
  proofKey: string,
  state: LedgerState,
): FalseProof | undefined {
  const decoded = decodeTransaction(bytes, readSingle(state, parameters).transactionBytesMax)
  const { ready, sender } = decoded.ok ? decoded.value.transaction : {}
  if (ready === undefined || sender === undefined) return undefined
  const stated = readyStatement(state, sender, ready)
  if (!stated.ok || proofKeyOf(ready.proof, stated.value) !== proofKey) return undefined
  const statement = ReviewedStatement.encode(reviewedStatementOf(stated.value))
  return { proof: ready.proof, statement }
}
