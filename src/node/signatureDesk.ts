/**
 * Signatures of transactions that were verified ahead, many at once and off this thread (SIG-1):
 * the ledger asks its verifier as always, and what is known to hold costs it a look-up.
 *
 * Only what holds is remembered. A refusal is always the reference's own word, and so is every
 * answer that no batch gave, so this saves work and never changes a verdict (DET-1).
 */
import type { Verifier } from '../core/ledger/env.ts'
import type { DecodedTransaction } from '../core/ledger/transactionBytes.ts'
import type { SignatureVerifier } from '../ports/signatureVerifier.ts'
import { HeldSignatures } from './heldSignatures.ts'

/** A few of the largest blocks, and a full mempool. */
const heldMax = 16_384

/** Fewer are not worth the way to another thread, which may have to start first. */
const countMin = 8

export class SignatureDesk {
  /** For the ledger: the given verifier, but for signatures that are known to hold. */
  readonly verifier: Verifier
  readonly #signatures: SignatureVerifier | undefined
  readonly #onTrouble: (code: string) => void
  /** By the id of the transaction, which is what its sender signs. */
  readonly #held = new HeldSignatures(heldMax)

  /** `onTrouble` hears why a batch gave no verdict. */
  constructor(
    reference: Verifier,
    signatures: SignatureVerifier | undefined,
    onTrouble: (code: string) => void,
  ) {
    this.#signatures = signatures
    this.#onTrouble = onTrouble
    this.verifier = {
      ...reference,
      accountSigned: (key, message, signature) =>
        this.#held.has(key, message, signature) || reference.accountSigned(key, message, signature),
    }
  }

  /** Verifies the signatures that are not known yet, if there are enough of them. */
  async verifyAll(transactions: readonly DecodedTransaction[]): Promise<void> {
    const unknown = transactions.filter((one) => this.#isUnknown(one))
    if (unknown.length >= countMin) await this.#verify(unknown)
  }

  /** However few arrive: the threads put what waits for them into one batch. */
  async verifyArrived(transactions: readonly DecodedTransaction[]): Promise<void> {
    const unknown = transactions.filter((one) => this.#isUnknown(one))
    if (unknown.length > 0) await this.#verify(unknown)
  }

  #isUnknown({ id, transaction, signature }: DecodedTransaction): boolean {
    return signature.length > 0 && !this.#held.has(transaction.sender, id, signature)
  }

  async #verify(unknown: readonly DecodedTransaction[]): Promise<void> {
    if (this.#signatures === undefined) return
    const items = unknown.map(({ id, transaction, signature }) => {
      return { publicKey: transaction.sender, message: id, signature }
    })
    const verdicts = await this.#signatures.verifyBatch(items)
    if (!verdicts.ok) {
      this.#onTrouble(verdicts.error.code)
      return
    }
    for (const [index, { publicKey, message, signature }] of items.entries()) {
      if (verdicts.value[index] === true) this.#held.hold(publicKey, message, signature)
    }
  }
}
