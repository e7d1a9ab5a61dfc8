/**
 * A loaded circuit: its key in the kernel's memory and its compiled witness generator (ZK-6).
 *
 * Loading takes about as long as a fifth of a proof, and is done once for the life of a worker.
 */

import { err, ok, type Result } from '../../../src/core/base/result.ts'
import type { EmotionalProof } from '../../../src/core/emotion/proofCodec.ts'
import type { CircuitInput } from '../../../src/core/emotion/statement.ts'
import { createKernel, type Kernel } from '../kernel/kernel.ts'
import { wasm as compiler, type WasmModule } from '../../lib/wasm/platform.ts'
import type { KeyFault } from './keyFile.ts'
import { loadProvingKey, type ProvingKey } from './provingKey.ts'
import { proveGroth16, type Blinding, type OnShare } from './prove.ts'
import { createDomain, type Domain } from './quotient.ts'
import { calculateWitness, type WitnessError } from './witness.ts'

export type CircuitFault = KeyFault | 'GENERATOR_INVALID'

export class Groth16Prover {
  readonly #generator: WasmModule
  readonly #kernel: Kernel
  readonly #key: ProvingKey
  readonly #domain: Domain

  private constructor(generator: WasmModule, kernel: Kernel, key: ProvingKey) {
    this.#generator = generator
    this.#kernel = kernel
    this.#key = key
    this.#domain = createDomain(kernel, key.domainSize)
  }

  static async load(
    wasm: Uint8Array<ArrayBuffer>,
    zkey: Uint8Array,
  ): Promise<Result<Groth16Prover, { readonly code: CircuitFault }>> {
    const kernel = createKernel()
    const key = loadProvingKey(kernel, zkey)
    if (!key.ok) return key
    try {
      return ok(new Groth16Prover(await compiler.compile(wasm), kernel, key.value))
    } catch {
      return err({ code: 'GENERATOR_INVALID' })
    }
  }

  /** Values of the circuit's signals, eight words each; the statement's refusal otherwise. */
  witness(input: CircuitInput): Result<Uint32Array, WitnessError> {
    return calculateWitness(this.#generator, input, this.#key.signalCount)
  }

  /** Undefined with a chance of about 2^-253: try again. */
  prove(witness: Uint32Array, blinding: Blinding, onShare: OnShare): EmotionalProof | undefined {
    return proveGroth16(this.#kernel, {
      key: this.#key,
      domain: this.#domain,
      witness,
      blinding,
      onShare,
    })
  }
}
