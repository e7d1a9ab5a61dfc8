/**
 * Makes and checks proofs on one thread (ZK-4, ZK-5).
 *
 * Circuit files are loaded when first needed and kept in the form that work needs: a checker never
 * loads a proving key, and of proving keys, which are large, only the latest is kept.
 */

import { err, ok, type Result } from '../../src/core/base/result.ts'
import { decodeProof, encodeProof } from '../../src/core/emotion/proofCodec.ts'
import { webRandom } from '../../src/adapters/keys/webRandom.ts'
import type { ProverError, ProverStage } from '../../src/ports/prover.ts'
import { keysOf, loadArtifact, refusesKeys, type ArtifactName } from './artifacts.ts'
import { randomBlinding } from './groth16/blinding.ts'
import { Groth16Prover } from './groth16/groth16Prover.ts'
import { createPairingKernel, type PairingKernel } from './pairing/pairingKernel.ts'
import { loadVerifyingKey, type VerifyingKey } from './pairing/verifyingKey.ts'
import { verifyProofs, type Claim } from './pairing/verifyProofs.ts'
import { circuitOf, signalsOf } from './publicInputs.ts'
import type { CircuitName, ProveTask, ProverOutcome, StartRequest, VerifyTask } from './protocol.ts'

export type Report = (stage: ProverStage, percent: number) => void

/** Percent of the whole at which each step begins, as measured in Chromium: the first proof. */
const firstPercents = { files: 18, checking: 23, witness: 34, proving: 47, verifying: 92 }

/** Every later one, with the circuit loaded. */
const laterPercents = { witness: 0, proving: 4, verifying: 97 }

const unjudged = err({ code: 'PROVER_CRASHED', reason: 'a proof was left out' } as const)

export class ProverEngine {
  readonly #start: StartRequest
  #loaded: { readonly circuit: CircuitName; readonly prover: Groth16Prover } | undefined
  readonly #keys = new Map<CircuitName, VerifyingKey>()
  #pairing: PairingKernel | undefined

  constructor(start: StartRequest) {
    this.#start = start
  }

  async prove(task: ProveTask, report: Report): Promise<ProverOutcome> {
    const circuit = circuitOf(task.publicInputs)
    const refusal = this.#refusal(circuit)
    if (refusal !== undefined) return err(refusal)
    const percents = this.#loaded?.circuit === circuit ? laterPercents : firstPercents
    const prover = await this.#prover(circuit, report)
    if (!prover.ok) return prover

    report('witness', percents.witness)
    const witness = prover.value.witness(task.circuitInput)
    if (!witness.ok) return err({ code: 'WITNESS_REFUSED', reason: witness.error.reason })

    const onShare = (share: number): void => {
      report('proving', percents.proving + (percents.verifying - percents.proving) * share)
    }
    const made = prover.value.prove(witness.value, randomBlinding(webRandom), onShare)
    if (made === undefined) return err({ code: 'PROVER_CRASHED', reason: 'a point at infinity' })
    const proof = encodeProof(made)

    report('verifying', percents.verifying)
    // Not a formality: a proof from a damaged file must not reach the network under our name.
    const checked = await this.verify({ ...task, kind: 'verify', proof })
    if (!checked.ok) return checked
    report('verifying', 100)
    return ok(proof)
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

  /** Both files of the prover, then their form in the kernel. */
  async #prover(circuit: CircuitName, report: Report): Promise<Result<Groth16Prover, ProverError>> {
    if (this.#loaded?.circuit === circuit) return ok(this.#loaded.prover)
    this.#loaded = undefined
    const between = firstPercents.files / 3
    const load = (
      name: ArtifactName,
      onShare: (share: number) => void,
    ): ReturnType<typeof loadArtifact> => loadArtifact(this.#start.source, circuit, name, onShare)
    report('loading', 0)
    const wasm = await load('wasm', (share) => report('loading', between * share))
    if (!wasm.ok) return wasm
    const rest = firstPercents.files - between
    const zkey = await load('zkey', (share) => report('loading', between + rest * share))
    if (!zkey.ok) return zkey
    report('checking', firstPercents.checking)
    const loaded = await Groth16Prover.load(wasm.value, zkey.value)
    if (!loaded.ok) return err({ code: 'ARTIFACT_MALFORMED', reason: loaded.error.code })
    this.#loaded = { circuit, prover: loaded.value }
    return loaded
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
