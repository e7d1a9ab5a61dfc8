/**
 * Verdicts about the sharing (BEACON-6): each object is judged once, beside the agreement, and the
 * ledger reads the remembered answer, as for the proofs of READY.
 */
import { createBoundedCache } from '../../core/crypto/boundedCache.ts'
import type { Verifier } from '../../core/ledger/env.ts'
import { sharingQuestion, type SharingQuestion } from '../../core/ledger/sharing/question.ts'
import type { LedgerState } from '../../core/ledger/state.ts'
import type { DecodedTransaction } from '../../core/ledger/transactionBytes.ts'
import type { HashHex } from '../../core/types/ids.ts'
import type { SharingCrypto } from './crypto.ts'

/** A few epochs in which nobody opens: 21 deals and the shares of 21 seats for six of them. */
const verdictsMax = 2048

/** Objects of one seat for one purpose that are judged unasked: an honest seat makes one. */
const perPurposeMax = 4

/** Purposes that are counted: of an epoch with 21 seats there are 500. */
const purposesMax = 1024

export class SharingDesk {
  readonly #work: SharingCrypto
  readonly #verifier: Pick<Verifier, 'accountSigned'>
  readonly #onTrouble: (text: string) => void
  readonly #verdicts = createBoundedCache<boolean>(verdictsMax)
  readonly #running = new Map<HashHex, Promise<void>>()
  readonly #judged = createBoundedCache<number>(purposesMax)

  /** `onTrouble` hears why an object could not be judged at all. */
  constructor(
    work: SharingCrypto,
    verifier: Pick<Verifier, 'accountSigned'>,
    onTrouble: (text: string) => void,
  ) {
    this.#work = work
    this.#verifier = verifier
    this.#onTrouble = onTrouble
  }

  partIsRight = (key: HashHex): boolean | undefined => this.#verdicts.get(key)

  partIsWrong = (key: HashHex): boolean | undefined => {
    const isRight = this.#verdicts.get(key)
    return isRight === undefined ? undefined : !isRight
  }

  /** Those of a block, on the state that it executes on: one for each seat and purpose. */
  async judgeAll(state: LedgerState, transactions: readonly DecodedTransaction[]): Promise<void> {
    const questions = new Map<string, SharingQuestion>()
    for (const transaction of transactions) {
      const question = sharingQuestion(state, transaction, this.#verifier)
      if (question === undefined) continue
      const purpose = `${transaction.kind} ${purposeOf(question)}`
      if (!questions.has(purpose)) questions.set(purpose, question)
    }
    await Promise.all([...questions.values()].map((question) => this.#answer(question)))
  }

  /** One that came alone; a seat that makes many for one purpose is not listened to. */
  async judge(state: LedgerState, transaction: DecodedTransaction): Promise<void> {
    const question = sharingQuestion(state, transaction, this.#verifier)
    if (question === undefined || this.#verdicts.get(question.key) !== undefined) return
    const purpose = purposeOf(question)
    const count = this.#judged.get(purpose) ?? 0
    if (count >= perPurposeMax) return
    if (!this.#running.has(question.key)) this.#judged.set(purpose, count + 1)
    await this.#answer(question)
  }

  async #answer(question: SharingQuestion): Promise<void> {
    const { key } = question
    if (this.#verdicts.get(key) !== undefined) return
    const running = this.#running.get(key)
    if (running !== undefined) {
      await running
      return
    }
    const work = this.#find(question)
    this.#running.set(key, work)
    await work.finally(() => this.#running.delete(key))
  }

  async #find({ key, input, object }: SharingQuestion): Promise<void> {
    try {
      this.#verdicts.set(key, await this.#work.judge(input, object))
    } catch (thrown) {
      this.#onTrouble(String(thrown))
    }
  }
}

function purposeOf({ place, object }: SharingQuestion): string {
  const { epoch, seat, dealer } = place
  return [object.kind, epoch, seat, dealer].join(' ')
}
