/**
 * Verdicts about the signatures of checkpoints, outside of block execution (CKPT-1): a set of
 * 10,000 has 6,667 keys to read and add, which no block waits for. The ledger asks for what is
 * known; a block whose checkpoint has no verdict here is neither valid nor invalid (BFT-5).
 *
 * Keys are decoded some at a time, with everything else in between. What then remains is one sum
 * and one pairing.
 */
import { createBoundedCache } from '../core/crypto/boundedCache.ts'
import type { BlsBackend } from '../core/crypto/bls.ts'
import type { CheckpointCertificate } from '../core/codec/chain.ts'
import type { CheckpointQuestion } from '../core/ledger/env.ts'
import { readSingle, type LedgerState } from '../core/ledger/state.ts'
import { chainInfo } from '../core/ledger/tables.ts'
import { checkpointQuestion } from '../core/ledger/transactions/checkpoint.ts'
import type { HashHex } from '../core/types/ids.ts'
import type { Clock } from '../ports/clock.ts'
import { decodeKeys } from './decodeKeys.ts'

/** So few keys are verified where they are asked for: some 30 ms in a tab that saw none before. */
const atOnceMax = 32

/** One a number is honest; what does not hold is remembered as well, so that it costs once. */
const verdictsMax = 256

export class CheckpointVerdicts {
  readonly #bls: BlsBackend
  readonly #clock: Clock | undefined
  readonly #verdicts = createBoundedCache<boolean>(verdictsMax)
  readonly #running = new Map<HashHex, Promise<void>>()

  constructor(bls: BlsBackend, clock: Clock | undefined) {
    this.#bls = bls
    this.#clock = clock
  }

  /** For the ledger: a pure function of the question, or unknown. */
  signed = (question: CheckpointQuestion): boolean | undefined => {
    const known = this.#verdicts.get(question.proofKey)
    if (known !== undefined || question.keys.length > atOnceMax) return known
    return this.#judge(question)
  }

  /** On the state that it would be executed on; what cannot apply there is not verified. */
  async verify(state: LedgerState, certificate: CheckpointCertificate): Promise<void> {
    const { chainId } = readSingle(state, chainInfo)
    const asked = checkpointQuestion(state, certificate, chainId)
    if (!asked.ok) return
    const { question } = asked.value
    const { proofKey } = question
    if (this.#verdicts.get(proofKey) !== undefined) return
    const work = this.#running.get(proofKey) ?? this.#verify(question)
    this.#running.set(proofKey, work)
    await work.finally(() => this.#running.delete(proofKey))
  }

  async #verify(question: CheckpointQuestion): Promise<void> {
    await decodeKeys(question.keys, { bls: this.#bls, clock: this.#clock, pauseMs: 0 })
    this.#judge(question)
  }

  #judge({ proofKey, keys, message, signature }: CheckpointQuestion): boolean {
    const holds = this.#bls.fastAggregateVerify(keys, message, signature)
    this.#verdicts.set(proofKey, holds)
    return holds
  }
}
