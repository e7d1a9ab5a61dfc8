/**
 * A loaded circuit: its key in the kernel's memory and its compiled witness generator (ZK-6).
 *
 * Loading takes about as long as a fifth of a proof, and is done once for the life of a worker.
 */

import { err, ok, type Result } from '../../../src/core/base/result.ts'
import type { EmotionalProof } from '../../../src/core/emotion/proofCodec.ts'
import type { CircuitInput } from '../../../src/core/emotion/statement.ts'
import type { AccelerationFault } from '../../../src/ports/prover.ts'
import { createKernel, type Kernel } from '../kernel/kernel.ts'
import { wasm as compiler, type WasmModule } from '../../lib/wasm/platform.ts'
import type { Accelerator } from './accelerator.ts'
import type { KeyFault } from './keyFile.ts'
import type { KeyImageFault, LoadedMemory } from './keyImage.ts'
import { loadProvingKey, type ProvingKey } from './provingKey.ts'
import { proveGroth16, type Blinding, type OnShare } from './prove.ts'
import { createDomain, type Domain } from './quotient.ts'
import { calculateWitness, type WitnessError } from './witness.ts'

export type CircuitFault = KeyFault | KeyImageFault | 'GENERATOR_INVALID'

type Loaded = Result<Groth16Prover, { readonly code: CircuitFault }>

export class Groth16Prover {
  readonly #generator: WasmModule
  readonly #kernel: Kernel
  readonly #key: ProvingKey
  readonly #memory: LoadedMemory
  readonly #domain: Domain

  private constructor(
    generator: WasmModule,
    kernel: Kernel,
    { key, memory }: { readonly key: ProvingKey; readonly memory: LoadedMemory },
  ) {
    this.#generator = generator
    this.#kernel = kernel
    this.#key = key
    this.#memory = memory
    this.#domain = createDomain(kernel, key.domainSize)
  }

  static load(wasm: Uint8Array<ArrayBuffer>, zkey: Uint8Array): Promise<Loaded> {
    return Groth16Prover.#load(wasm, (kernel) => Promise.resolve(loadProvingKey(kernel, zkey)))
  }

  /** From what `image` gave before. Rejected when the chunk of code that reads it does not come. */
  static loadImage(wasm: Uint8Array<ArrayBuffer>, image: Uint8Array<ArrayBuffer>): Promise<Loaded> {
    return Groth16Prover.#load(wasm, async (kernel) => {
      const { loadKeyImage } = await import('./keyImage.ts')
      return loadKeyImage(kernel, image)
    })
  }

  static async #load(
    wasm: Uint8Array<ArrayBuffer>,
    loadKey: (kernel: Kernel) => Promise<Result<ProvingKey, { readonly code: CircuitFault }>>,
  ): Promise<Loaded> {
    const kernel = createKernel()
    const start = kernel.memory.mark()
    const key = await loadKey(kernel)
    if (!key.ok) return key
    const memory = { start, end: kernel.memory.mark() }
    try {
      const generator = await compiler.compile(wasm)
      return ok(new Groth16Prover(generator, kernel, { key: key.value, memory }))
    } catch {
      return err({ code: 'GENERATOR_INVALID' })
    }
  }

  /** The key as bytes that load in a fraction of the time of its file. */
  async image(): Promise<Uint8Array<ArrayBuffer>> {
    const { encodeKeyImage } = await import('./keyImage.ts')
    return encodeKeyImage(this.#kernel, this.#key, this.#memory)
  }

  /** Values of the circuit's signals, eight words each; the statement's refusal otherwise. */
  witness(input: CircuitInput): Result<Uint32Array, WitnessError> {
    return calculateWitness(this.#generator, input, this.#key.signalCount)
  }

  /** What an accelerator is made for. */
  get loaded(): { readonly kernel: Kernel; readonly key: ProvingKey; readonly domain: Domain } {
    return { kernel: this.#kernel, key: this.#key, domain: this.#domain }
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

  /** The same proof by an accelerator that was made for this key; one at a time. */
  async proveBy(
    accelerator: Accelerator,
    witness: Uint32Array,
    blinding: Blinding,
    onShare: OnShare,
  ): Promise<Result<EmotionalProof | undefined, { readonly code: AccelerationFault }>> {
    const { key, domain } = this.loaded
    // Undefined: the chunk of code did not come.
    const chunk = await import('./proveAccelerated.ts').catch(() => undefined)
    if (chunk === undefined) return err({ code: 'GPU_FAILED' })
    return chunk.proveAccelerated(this.#kernel, accelerator, {
      key,
      domain,
      witness,
      blinding,
      onShare,
    })
  }
}
