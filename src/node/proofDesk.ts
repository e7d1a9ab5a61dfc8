/**
 * Verdicts about the proofs of READY and of answered challenges (ZK-4, LIVE-6): each proof of a
 * statement is verified once, in the prover's worker, and the ledger reads the remembered answer.
 * Those about checkpoints come from their own desk.
 */
import type { Ready } from '../core/codec/chain.ts'
import type { Result } from '../core/base/result.ts'
import { createBoundedCache } from '../core/crypto/boundedCache.ts'
import type { ProofVerdicts } from '../core/ledger/env.ts'
import { livenessStatement } from '../core/ledger/livenessStatement.ts'
import { proofKeyOf, readyStatement } from '../core/ledger/readyStatement.ts'
import type { LedgerState } from '../core/ledger/state.ts'
import type { DecodedTransaction } from '../core/ledger/transactionBytes.ts'
import type { HashHex } from '../core/types/ids.ts'
import type { LivenessPublicInputs } from '../core/liveness/publicSignals.ts'
import type { ProofFault, Prover, ProverError } from '../ports/prover.ts'
import type { CheckpointVerdicts } from './checkpointVerdicts.ts'

type Judged = Promise<Result<void, ProofFault | ProverError>>

/** A prover that knows the circuit of an answered window; another gives no verdict about it. */
export type ProofJudge = Pick<Prover, 'verify'> & {
  readonly verifyLiveness?: (proof: Uint8Array, publicInputs: LivenessPublicInputs) => Judged
}

const carrierKinds: ReadonlySet<string> = new Set(['ready', 'liveness', 'checkpoint'])

/** Verdicts remembered: a few epochs of 64 candidates. */
const verdictsMax = 1024

export class ProofDesk implements Pick<ProofVerdicts, 'proofIsValid'> {
  readonly #prover: ProofJudge
  readonly #verdicts = createBoundedCache<boolean>(verdictsMax)
  readonly #running = new Map<HashHex, Promise<void>>()

  readonly #onTrouble: (code: string) => void

  readonly #checkpoints: CheckpointVerdicts | undefined

  /** `onTrouble` hears why a proof could not be judged at all. */
  constructor(
    prover: ProofJudge,
    onTrouble: (code: string) => void,
    checkpoints?: CheckpointVerdicts,
  ) {
    this.#prover = prover
    this.#onTrouble = onTrouble
    this.#checkpoints = checkpoints
  }

  proofIsValid = (proofKey: HashHex): boolean | undefined => this.#verdicts.get(proofKey)

  /** Verifies the proofs of all that carry one, on the state they would execute on. */
  async verifyAll(state: LedgerState, transactions: readonly DecodedTransaction[]): Promise<void> {
    const carriers = transactions.filter(({ kind }) => carrierKinds.has(kind))
    await Promise.all(carriers.map((transaction) => this.verify(state, transaction)))
  }

  async verify(state: LedgerState, decoded: DecodedTransaction): Promise<void> {
    const { ready, checkpoint } = decoded.transaction
    if (checkpoint !== undefined) await this.#checkpoints?.verify(state, checkpoint)
    if (ready !== undefined) await this.#verifyReady(state, decoded, ready)
    await this.#verifyLiveness(state, decoded)
  }

  async #verifyReady(
    state: LedgerState,
    { transaction }: DecodedTransaction,
    ready: Ready,
  ): Promise<void> {
    const statement = readyStatement(state, transaction.sender, ready)
    if (!statement.ok) return
    const key = proofKeyOf(ready.proof, statement.value)
    await this.#once(key, () => this.#prover.verify(ready.proof, statement.value))
  }

  /** Window by window: who claims a second one with a wrong first costs one check. */
  async #verifyLiveness(state: LedgerState, { transaction }: DecodedTransaction): Promise<void> {
    const { liveness, sender } = transaction
    const proven = liveness && livenessStatement(state, sender, liveness)
    for (const { proof, proofKey, publicInputs } of proven?.ok === true ? proven.value : []) {
      const { verifyLiveness } = this.#prover
      if (verifyLiveness === undefined) return
      await this.#once(proofKey, () => verifyLiveness(proof, publicInputs))
      if (this.#verdicts.get(proofKey) !== true) return
    }
  }

  async #once(key: HashHex, ask: () => Judged): Promise<void> {
    if (this.#verdicts.get(key) !== undefined) return
    const running = this.#running.get(key)
    if (running !== undefined) {
      await running
      return
    }
    const work = this.#judge(key, ask)
    this.#running.set(key, work)
    await work.finally(() => this.#running.delete(key))
  }

  async #judge(key: HashHex, ask: () => Judged): Promise<void> {
    // A verifier that fails gives no verdict: the block stays unverified, it is not called false.
    const verdict = await ask()
    if (verdict.ok) this.#verdicts.set(key, true)
    else if (verdict.error.code.startsWith('PROOF_')) this.#verdicts.set(key, false)
    else this.#onTrouble(verdict.error.code)
  }
}
