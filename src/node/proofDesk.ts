/**
 * Verdicts about the proofs of READY, of answered challenges and of what reviewers attested (ZK-4,
 * LIVE-6, E9): each proof of a statement is verified once, in the prover's worker, and the ledger
 * reads the remembered answer. All of a block are asked for in one turn, so that the worker checks
 * them together (ZK-7). Those about checkpoints come from their own desk.
 */
import { mapKey } from '../core/base/bytes.ts'
import type { Evidence, Ready } from '../core/codec/chain.ts'
import { createBoundedCache } from '../core/crypto/boundedCache.ts'
import type { ProofVerdicts } from '../core/ledger/env.ts'
import { livenessStatement } from '../core/ledger/livenessStatement.ts'
import { proofKeyOf, readyStatement } from '../core/ledger/readyStatement.ts'
import type { LedgerState } from '../core/ledger/state.ts'
import type { DecodedTransaction } from '../core/ledger/transactionBytes.ts'
import {
  falseReviewOf,
  isFalseReview,
  reviewedProof,
} from '../core/ledger/transactions/falseReview.ts'
import type { HashHex } from '../core/types/ids.ts'
import type { ProofInputs, Prover } from '../ports/prover.ts'
import type { CheckpointVerdicts } from './checkpointVerdicts.ts'

const carrierKinds: ReadonlySet<string> = new Set(['ready', 'liveness', 'checkpoint', 'evidence'])

/** Verdicts remembered: a few epochs of 64 candidates. */
const verdictsMax = 1024

/** Of a block at once: as many as the worker checks together, so that others find room (ZK-7). */
const togetherMax = 64

export class ProofDesk implements Pick<ProofVerdicts, 'proofIsValid' | 'proofIsWrong'> {
  readonly #prover: Prover
  readonly #verdicts = createBoundedCache<boolean>(verdictsMax)
  readonly #running = new Map<HashHex, Promise<void>>()

  readonly #onTrouble: (code: string) => void

  readonly #checkpoints: CheckpointVerdicts | undefined

  /** `onTrouble` hears why a proof could not be judged at all. */
  constructor(prover: Prover, onTrouble: (code: string) => void, checkpoints?: CheckpointVerdicts) {
    this.#prover = prover
    this.#onTrouble = onTrouble
    this.#checkpoints = checkpoints
  }

  proofIsValid = (proofKey: HashHex): boolean | undefined => this.#verdicts.get(proofKey)

  proofIsWrong = (proofKey: HashHex): boolean | undefined => {
    const isValid = this.#verdicts.get(proofKey)
    return isValid === undefined ? undefined : !isValid
  }

  /**
   * Verifies the proofs of those that carry one, on the state they would execute on, and ends with
   * the group in which one does not hold. Most often it makes the block invalid, and a proposer who
   * fills a block with such costs others no more than that; else what is behind it is asked then.
   */
  async verifyAll(state: LedgerState, transactions: readonly DecodedTransaction[]): Promise<void> {
    const carriers = withoutRepeated(transactions.filter(({ kind }) => carrierKinds.has(kind)))
    for (let at = 0; at < carriers.length; at += togetherMax) {
      const together = carriers.slice(at, at + togetherMax)
      const answers = await Promise.all(together.map((one) => this.#answer(state, one)))
      if (answers.includes(false)) return
    }
  }

  async verify(state: LedgerState, decoded: DecodedTransaction): Promise<void> {
    await this.#answer(state, decoded)
  }

  /** False where a proof does not hold that has to; of evidence, where one holds. */
  async #answer(state: LedgerState, decoded: DecodedTransaction): Promise<boolean | undefined> {
    const { ready, checkpoint, evidence } = decoded.transaction
    if (checkpoint !== undefined) await this.#checkpoints?.verify(state, checkpoint)
    if (evidence !== undefined) return this.#verifyReviewed(state, evidence)
    if (ready !== undefined) return this.#verifyReady(state, decoded, ready)
    return this.#verifyLiveness(state, decoded)
  }

  async #verifyReady(
    state: LedgerState,
    { transaction }: DecodedTransaction,
    ready: Ready,
  ): Promise<boolean | undefined> {
    const statement = readyStatement(state, transaction.sender, ready)
    if (!statement.ok) return undefined
    const key = proofKeyOf(ready.proof, statement.value)
    await this.#once(key, ready.proof, statement.value)
    return this.#verdicts.get(key)
  }

  async #verifyReviewed(state: LedgerState, evidence: Evidence): Promise<boolean | undefined> {
    const review = isFalseReview(evidence) ? falseReviewOf(evidence) : undefined
    const reviewed = review && reviewedProof(state, review, evidence)
    if (reviewed === undefined) return undefined
    await this.#once(reviewed.proofKey, reviewed.proof, reviewed.statement)
    return this.proofIsWrong(reviewed.proofKey)
  }

  /** Window by window: who claims a second one with a wrong first costs one check. */
  async #verifyLiveness(
    state: LedgerState,
    { transaction }: DecodedTransaction,
  ): Promise<boolean | undefined> {
    const { liveness, sender } = transaction
    const proven = liveness && livenessStatement(state, sender, liveness)
    for (const { proof, proofKey, publicInputs } of proven?.ok === true ? proven.value : []) {
      await this.#once(proofKey, proof, { circuit: 'liveness_proof', ...publicInputs })
      const verdict = this.#verdicts.get(proofKey)
      if (verdict !== true) return verdict
    }
    return undefined
  }

  async #once(key: HashHex, proof: Uint8Array, inputs: ProofInputs): Promise<void> {
    if (this.#verdicts.get(key) !== undefined) return
    const running = this.#running.get(key)
    if (running !== undefined) {
      await running
      return
    }
    const work = this.#judge(key, proof, inputs)
    this.#running.set(key, work)
    await work.finally(() => this.#running.delete(key))
  }

  async #judge(key: HashHex, proof: Uint8Array, inputs: ProofInputs): Promise<void> {
    // A verifier that fails gives no verdict: the block stays unverified, it is not called false.
    const verdict = await this.#prover.verify(proof, inputs)
    if (verdict.ok) this.#verdicts.set(key, true)
    else if (verdict.error.code.startsWith('PROOF_')) this.#verdicts.set(key, false)
    else this.#onTrouble(verdict.error.code)
  }
}

/** One false review of an epoch convicts a reviewer (E9): a block holds no second one. */
function withoutRepeated(carriers: readonly DecodedTransaction[]): readonly DecodedTransaction[] {
  const accused = new Set<string>()
  return carriers.filter(({ transaction: { evidence } }) => {
    const review = evidence && isFalseReview(evidence) ? falseReviewOf(evidence) : undefined
    if (review === undefined) return true
    const name = `${mapKey(review.carrier.transaction.sender)}:${String(review.epoch)}`
    const isRepeated = accused.has(name)
    accused.add(name)
    return !isRepeated
  })
}
