/**
 * Verdicts about emotional proofs (ZK-4): each proof of a statement is verified once, in the
 * prover's worker, and the ledger reads the remembered answer. Those about checkpoints come from
 * their own desk.
 */
import { createBoundedCache } from '../core/crypto/boundedCache.ts'
import type { ProofVerdicts } from '../core/ledger/env.ts'
import { proofKeyOf, readyStatement } from '../core/ledger/readyStatement.ts'
import type { LedgerState } from '../core/ledger/state.ts'
import type { DecodedTransaction } from '../core/ledger/transactionBytes.ts'
import type { HashHex } from '../core/types/ids.ts'
import type { Prover } from '../ports/prover.ts'
import type { CheckpointVerdicts } from './checkpointVerdicts.ts'

/** Verdicts remembered: a few epochs of 64 candidates. */
const verdictsMax = 1024

export class ProofDesk implements Pick<ProofVerdicts, 'proofIsValid'> {
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

  /** Verifies the proofs of all that carry one, on the state they would execute on. */
  async verifyAll(state: LedgerState, transactions: readonly DecodedTransaction[]): Promise<void> {
    const carriers = transactions.filter(({ kind }) => kind === 'ready' || kind === 'checkpoint')
    await Promise.all(carriers.map((transaction) => this.verify(state, transaction)))
  }

  async verify(state: LedgerState, decoded: DecodedTransaction): Promise<void> {
    const { ready, checkpoint, sender } = decoded.transaction
    if (checkpoint !== undefined) await this.#checkpoints?.verify(state, checkpoint)
    if (ready === undefined) return
    const statement = readyStatement(state, sender, ready)
    if (!statement.ok) return
    const key = proofKeyOf(ready.proof, statement.value)
    if (this.#verdicts.get(key) !== undefined) return
    const running = this.#running.get(key)
    if (running !== undefined) {
      await running
      return
    }
    const work = this.#judge(key, ready.proof, statement.value)
    this.#running.set(key, work)
    await work.finally(() => this.#running.delete(key))
  }

  async #judge(
    key: HashHex,
    proof: Uint8Array,
    statement: Parameters<Prover['verify']>[1],
  ): Promise<void> {
    // A verifier that fails gives no verdict: the block stays unverified, it is not called false.
    const verdict = await this.#prover.verify(proof, statement)
    if (verdict.ok) this.#verdicts.set(key, true)
    else if (verdict.error.code.startsWith('PROOF_')) this.#verdicts.set(key, false)
    else this.#onTrouble(verdict.error.code)
  }
}
