/**
 * Makes and checks proofs with snarkjs on one thread (ZK-4, ZK-5).
 *
 * Circuit files are loaded when first needed: a checker never loads the proving key.
 */

import { err, ok, type Result } from '../../src/core/base/result.ts'
import { fieldOrder } from '../../src/core/emotion/field.ts'
import { decodeProof, encodeProof, type EmotionalProof } from '../../src/core/emotion/proofCodec.ts'
import { publicSignals } from '../../src/core/emotion/publicSignals.ts'
import type { ProverError, ProverStage } from '../../src/ports/prover.ts'
import { hasDevelopmentKeys, loadArtifact, type ArtifactName } from './artifacts.ts'
import type { ProveTask, ProverOutcome, StartRequest, VerifyTask } from './protocol.ts'
import { groth16, openCurve, wtns, type MemoryFile, type SnarkLogger } from './snarkjs.ts'
import type { SnarkProof } from './snarkjs.ts'

export type Report = (stage: ProverStage, percent: number) => void

/** Percent of the whole at which each step of snarkjs begins, as measured. */
const provingSteps = [
  ['Building ABC', 32],
  ['Join ABC', 52],
  ['Reading A Points', 55],
  ['Reading B1 Points', 62],
  ['Reading B2 Points', 69],
  ['Reading C Points', 81],
  ['Reading H Points', 87],
] as const

export class ProverEngine {
  readonly #start: StartRequest
  readonly #files = new Map<ArtifactName, Uint8Array>()

  constructor(start: StartRequest) {
    this.#start = start
  }

  async prove(task: ProveTask, report: Report): Promise<ProverOutcome> {
    const refusal = this.#refusal()
    if (refusal !== undefined) return err(refusal)
    report('loading', 0)
    const wasm = await this.#file('wasm', (share) => report('loading', 5 * share))
    if (!wasm.ok) return wasm
    const zkey = await this.#file('zkey', (share) => report('loading', 5 + 13 * share))
    if (!zkey.ok) return zkey
    report('checking', 18)
    await openCurve()

    report('witness', 20)
    const witness: MemoryFile = { type: 'mem' }
    try {
      await wtns.calculate(task.circuitInput, wasm.value, witness)
    } catch (error) {
      return err({ code: 'WITNESS_REFUSED', reason: reasonOf(error) })
    }
    report('proving', 30)
    const made = await groth16.prove(zkey.value, witness, proveLogger(report))
    const proof = encodeProof(proofOfSnark(made.proof))

    report('verifying', 97)
    // Not a formality: a proof from a damaged file must not reach the network under our name.
    const checked = await this.verify({ ...task, kind: 'verify', proof })
    if (!checked.ok) return checked
    report('verifying', 100)
    return ok(proof)
  }

  async verify({ proof: bytes, publicInputs }: VerifyTask): Promise<ProverOutcome> {
    const refusal = this.#refusal()
    if (refusal !== undefined) return err(refusal)
    const decoded = decodeProof(bytes)
    if (!decoded.ok) return decoded
    const vkey = await this.#file('vkey', () => undefined)
    if (!vkey.ok) return vkey
    if (!(await isInSubgroup(decoded.value))) return err({ code: 'PROOF_SUBGROUP' })

    const key = JSON.parse(new TextDecoder().decode(vkey.value)) as object
    const signals = publicSignals(publicInputs).map(String)
    const isValid = await groth16.verify(key, signals, snarkOfProof(decoded.value))
    return isValid ? ok(undefined) : err({ code: 'PROOF_INVALID' })
  }

  #refusal(): ProverError | undefined {
    if (!hasDevelopmentKeys || this.#start.allowsDevelopmentKeys) return undefined
    return { code: 'DEVELOPMENT_KEYS' }
  }

  async #file(
    name: ArtifactName,
    onShare: (share: number) => void,
  ): Promise<Result<Uint8Array, ProverError>> {
    const known = this.#files.get(name)
    if (known !== undefined) return ok(known)
    const loaded = await loadArtifact(this.#start.source, name, onShare)
    if (loaded.ok) this.#files.set(name, loaded.value)
    return loaded
  }
}

/** snarkjs checks the curve equation alone; r·B = 0 is what the pairing rests on. */
async function isInSubgroup({ b }: EmotionalProof): Promise<boolean> {
  const { G2 } = await openCurve()
  const point = G2.fromObject([...b, [1n, 0n]])
  return G2.isZero(G2.timesScalar(point, fieldOrder))
}

function proveLogger(report: Report): SnarkLogger {
  const ignore = (): undefined => undefined
  const debug = (message: string): void => {
    const step = provingSteps.find(([name]) => message === name)
    if (step !== undefined) report('proving', step[1])
  }
  return { debug, info: ignore, warn: ignore, error: ignore }
}

function proofOfSnark({ pi_a, pi_b, pi_c }: SnarkProof): EmotionalProof {
  const at = (values: readonly string[] | undefined, index: number): bigint =>
    BigInt(values?.[index] ?? '0')
  return {
    a: [at(pi_a, 0), at(pi_a, 1)],
    b: [
      [at(pi_b[0], 0), at(pi_b[0], 1)],
      [at(pi_b[1], 0), at(pi_b[1], 1)],
    ],
    c: [at(pi_c, 0), at(pi_c, 1)],
  }
}

function snarkOfProof({ a, b, c }: EmotionalProof): SnarkProof {
  return {
    pi_a: [...a.map(String), '1'],
    pi_b: [b[0].map(String), b[1].map(String), ['1', '0']],
    pi_c: [...c.map(String), '1'],
  }
}

/** First line, bounded: the rest is a stack of template names. */
function reasonOf(error: unknown): string {
  return String(error).split('\n').slice(0, 3).join(' ').slice(0, 200)
}
