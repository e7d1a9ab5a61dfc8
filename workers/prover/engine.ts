/**
 * Makes and checks proofs on one thread (ZK-4, ZK-5).
 *
 * Circuit files are loaded when first needed and kept in the form that work needs: a checker never
 * loads a proving key.
 */

import { err, ok, type Result } from '../../src/core/base/result.ts'
import { decodeProof } from '../../src/core/emotion/proofCodec.ts'
import { webRandom } from '../../src/adapters/keys/webRandom.ts'
import type {
  Acceleration as AccelerationState,
  ProverError,
  ProverProgress,
  ProverStage,
  ThreadFault,
} from '../../src/ports/prover.ts'
import type { Acceleration } from './acceleration.ts'
import type { ProofWork } from './attempt.ts'
import { keysOf, loadArtifact, refusesKeys } from './artifacts.ts'
import { CircuitLoader } from './circuitLoader.ts'
import { randomBlinding } from './groth16/blinding.ts'
import { createPairingKernel, type PairingKernel } from './pairing/pairingKernel.ts'
import { loadVerifyingKey, type VerifyingKey } from './pairing/verifyingKey.ts'
import { verifyProofs, type Claim } from './pairing/verifyProofs.ts'
import { proveOnce } from './proveOnce.ts'
import { circuitOf, signalsOf } from './publicInputs.ts'
import { hasCoresFor } from './threads/cores.ts'
import type { Threads } from './threads/threads.ts'
import type { CircuitName, ProveTask, ProverOutcome, StartRequest, VerifyTask } from './protocol.ts'

export type Report = (progress: ProverProgress) => void

/** Percent of the whole at which each step begins, as measured in Chromium: the first proof. */
const firstPercents = { files: 18, checking: 23, witness: 34, proving: 47, verifying: 92 }

/** Every later one, with the circuit loaded. */
const laterPercents = { witness: 0, proving: 4, verifying: 97 }

const unjudged = err({ code: 'PROVER_CRASHED', reason: 'a proof was left out' } as const)

export class ProverEngine {
  readonly #start: StartRequest
  readonly #loader: CircuitLoader
  readonly #keys = new Map<CircuitName, VerifyingKey>()
  #pairing: PairingKernel | undefined
  #opened: Promise<Acceleration | undefined> | undefined
  #divided: Promise<Threads | undefined> | undefined
  /** Why two threads were to be tried, and their code is not even loaded. */
  readonly #threadFault: ThreadFault | undefined

  constructor(start: StartRequest) {
    this.#start = start
    const hasCores = start.threads === undefined || hasCoresFor(start.threads)
    this.#threadFault = hasCores ? undefined : 'THREAD_CORES'
    this.#loader = new CircuitLoader(start.source)
  }

  async prove(task: ProveTask, onProgress: Report): Promise<ProverOutcome> {
    const circuit = circuitOf(task.publicInputs)
    const refusal = this.#refusal(circuit)
    if (refusal !== undefined) return err(refusal)
    const report = rising(onProgress)
    const isLoaded = this.#loader.has(circuit)
    const percents = isLoaded ? laterPercents : firstPercents
    if (!isLoaded) report('loading', 0)
    const prover = await this.#loader.load(
      circuit,
      (share) => report('loading', firstPercents.files * share),
      () => report('checking', firstPercents.checking),
    )
    if (!prover.ok) return prover

    report('witness', percents.witness)
    const witness = prover.value.witness(task.circuitInput)
    if (!witness.ok) return err({ code: 'WITNESS_REFUSED', reason: witness.error.reason })

    const work: ProofWork = {
      prover: prover.value,
      witness: witness.value,
      blinding: randomBlinding(webRandom),
      onShare: (share, by) => {
        report('proving', percents.proving + (percents.verifying - percents.proving) * share, by)
      },
      accept: async (proof) => {
        report('verifying', percents.verifying)
        // Not a formality: a proof from a damaged file must not reach the network under our name.
        const checked = await this.verify({ ...task, kind: 'verify', proof })
        if (!checked.ok) return checked
        report('verifying', 100)
        return ok(proof)
      },
    }
    const [acceleration, threads] = [await this.#acceleration(), await this.#threads()]
    try {
      return await proveOnce(work, { acceleration, threads, threadFault: this.#threadFault })
    } finally {
      work.witness.fill(0)
    }
  }

  /**
   * What makes the next proofs quicker and none of them waits for; after a proof. Ends soon after
   * the signal is aborted.
   */
  async idle(signal: AbortSignal): Promise<void> {
    await this.#loader.keep()
    const prover = this.#loader.latest
    if (prover === undefined || signal.aborted) return
    const acceleration = await this.#acceleration()
    await acceleration?.rest(prover.loaded, signal)
    const threads = await this.#threads()
    if (acceleration?.isReady === true) threads?.release()
    else await threads?.rest(prover.loaded, signal)
  }

  /** After this, checking what the ledger takes asks for no file any more. */
  async warm(): Promise<ProverOutcome> {
    for (const circuit of ['emotional_proof', 'liveness_proof'] as const) {
      const key = await this.#verifyingKey(circuit)
      if (!key.ok) return key
    }
    return ok(undefined)
  }

  async verify(task: VerifyTask): Promise<ProverOutcome> {
    const [outcome = unjudged] = await this.verifyAll([task])
    return outcome
  }

  /** Those of one circuit together (ZK-7). One outcome for each task, in their order. */
  async verifyAll(tasks: readonly VerifyTask[]): Promise<readonly ProverOutcome[]> {
    const outcomes = new Map<VerifyTask, ProverOutcome>()
    const claims = new Map<CircuitName, Map<VerifyTask, Claim>>()
    for (const task of tasks) {
      const proof = decodeProof(task.proof)
      const circuit = circuitOf(task.publicInputs)
      const refusal = this.#refusal(circuit)
      if (refusal !== undefined) {
        outcomes.set(task, err(refusal))
        continue
      }
      const ofCircuit = claims.get(circuit) ?? new Map<VerifyTask, Claim>()
      claims.set(circuit, ofCircuit)
      if (!proof.ok) outcomes.set(task, proof)
      else ofCircuit.set(task, { proof: proof.value, signals: signalsOf(task.publicInputs) })
    }
    for (const [circuit, ofCircuit] of claims) {
      const key = await this.#verifyingKey(circuit)
      const faults = key.ok ? verifyProofs(key.value, [...ofCircuit.values()], webRandom) : []
      for (const [index, task] of [...ofCircuit.keys()].entries()) {
        const fault = faults[index]
        const verdict = fault === undefined ? ok(undefined) : err({ code: fault })
        outcomes.set(task, key.ok ? verdict : key)
      }
    }
    return tasks.map((task) => outcomes.get(task) ?? unjudged)
  }

  /** A chunk of its own: checkers and Node need none. Without it the processor makes the proofs. */
  #acceleration(): Promise<Acceleration | undefined> {
    const mode = this.#start.acceleration
    if (mode === undefined) return Promise.resolve(undefined)
    this.#opened ??= import('./acceleration.ts').then(
      ({ Acceleration }) => new Acceleration(mode, webRandom),
      () => undefined,
    )
    return this.#opened
  }

  /** As above: without that chunk one thread makes the proofs. */
  #threads(): Promise<Threads | undefined> {
    const mode = this.#start.threads
    if (mode === undefined || this.#threadFault !== undefined) return Promise.resolve(undefined)
    this.#divided ??= import('./threads/threads.ts').then(
      ({ Threads }) => new Threads(mode, webRandom),
      () => undefined,
    )
    return this.#divided
  }

  async #verifyingKey(circuit: CircuitName): Promise<Result<VerifyingKey, ProverError>> {
    const known = this.#keys.get(circuit)
    if (known !== undefined) return ok(known)
    const file = await loadArtifact(this.#start.source, circuit, 'vkey', () => undefined)
    if (!file.ok) return file
    this.#pairing ??= createPairingKernel()
    const key = loadVerifyingKey(this.#pairing, file.value)
    if (!key.ok) return err({ code: 'ARTIFACT_MALFORMED', reason: key.error.code })
    this.#keys.set(circuit, key.value)
    return key
  }

  #refusal(circuit: CircuitName): ProverError | undefined {
    const isRefused = refusesKeys(keysOf(circuit), this.#start.allowsDevelopmentKeys)
    return isRefused ? { code: 'DEVELOPMENT_KEYS' } : undefined
  }
}

/** Percents that never fall, also when a proof is begun again by the processor. */
function rising(
  onProgress: Report,
): (stage: ProverStage, percent: number, by?: AccelerationState) => void {
  let highest = 0
  return (stage, percent, acceleration) => {
    highest = Math.max(highest, percent)
    onProgress({ stage, percent: highest, ...(acceleration && { acceleration }) })
  }
}
