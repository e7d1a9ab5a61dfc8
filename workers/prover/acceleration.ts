/**
 * Whether the GPU makes the large sums of this worker's proofs, and why not (ZK-11).
 *
 * Never before it was measured, which is done in idle time, once for an adapter, a browser and a
 * version of the shaders. A fault ends it for this worker; wrong results end it for good.
 */

import { err, ok, type Result } from '../../src/core/base/result.ts'
import type { AccelerationFault } from '../../src/ports/prover.ts'
import type { Random } from '../../src/ports/random.ts'
import { MeasuredChoice, type Choice } from './files/measuredChoice.ts'
import { openOriginFiles } from './files/originFiles.ts'
import type { LoadedKey } from './gpu/accelerator.ts'
import type { GpuProver } from './gpu/gpuProver.ts'
import { gpuEntry, type GpuAdapterInfo } from './gpu/platform.ts'
import type { Accelerator } from './groth16/accelerator.ts'
import type { AccelerationMode } from './protocol.ts'

/** Other shaders are another version, too. */
const choiceKind = {
  file: 'prover-choice',
  version: 2,
  way: 'gpu',
  slower: 'GPU_SLOWER',
} as const

/** SwiftShader takes half a minute for a proof on a busy machine. */
const softwareSilentMs = 120_000

interface Current {
  readonly loaded: LoadedKey
  readonly accelerator: Accelerator
}

export class Acceleration {
  readonly #mode: AccelerationMode
  readonly #random: Random
  readonly #choice = new MeasuredChoice<'gpu', AccelerationFault>(choiceKind, openOriginFiles)
  #prover: GpuProver | undefined
  #current: Current | undefined
  #fault: AccelerationFault | undefined

  constructor(mode: AccelerationMode, random: Random) {
    this.#mode = mode
    this.#random = random
    if (gpuEntry() === undefined) this.#fault = 'GPU_ABSENT'
  }

  /** Whether the device is ready, with a key and the memory for it. */
  get isReady(): boolean {
    return this.#current !== undefined
  }

  /** For proofs of one loaded key after the other; or why the processor makes them. */
  async acceleratorFor(
    loaded: LoadedKey,
  ): Promise<Result<Accelerator, { readonly code: AccelerationFault }>> {
    if (this.#fault !== undefined) return err({ code: this.#fault })
    if (this.#current?.loaded.key === loaded.key) return ok(this.#current.accelerator)
    if (this.#mode === 'forced') return this.#start(loaded)
    const choice = await this.#choice.get()
    if (choice === undefined) return err({ code: 'GPU_UNMEASURED' })
    return err({ code: choice.by === 'cpu' ? (choice.code ?? 'GPU_SLOWER') : 'GPU_STARTING' })
  }

  /** After a fault of an accelerator: the processor goes on. */
  async drop(code: AccelerationFault): Promise<void> {
    this.#end(code)
    if (code !== 'GPU_WRONG' || this.#mode === 'forced') return
    await this.#choice.set({ by: 'cpu', code, device: (await adapterName()) ?? '' })
  }

  /**
   * In idle time: measures where it was not, on points of a loaded key, and makes the device ready
   * for that key where it is chosen. Ends soon after the signal is aborted.
   */
  async rest(loaded: LoadedKey, signal: AbortSignal): Promise<void> {
    if (this.#mode === 'forced' || this.#fault !== undefined) return
    const adapter = await adapterName()
    const known = await this.#choice.get()
    if (signal.aborted || adapter === undefined) return
    if (known?.device !== adapter) await this.#measure(loaded, adapter, signal)
    const choice = await this.#choice.get()
    if (choice?.by !== 'gpu') return
    if (this.#current?.loaded.key !== loaded.key) await this.#start(loaded)
  }

  /** Chooses nothing when it is stopped. */
  async #measure(loaded: LoadedKey, adapter: string, signal: AbortSignal): Promise<void> {
    // Stands if the device takes the worker with it: then it is not tried again.
    await this.#choice.set({ by: 'cpu', code: 'GPU_SILENT', device: adapter })
    const choice = await this.#measured(loaded, adapter, signal)
    await this.#choice.set(choice)
    if (choice?.by !== 'gpu') this.#close()
  }

  async #start(
    loaded: LoadedKey,
  ): Promise<Result<Accelerator, { readonly code: AccelerationFault }>> {
    this.#current?.accelerator.release()
    this.#current = undefined
    const prover = await this.#open()
    if (!prover.ok) return this.#end(prover.error.code)
    const made = await prover.value.accelerator(loaded)
    if (!made.ok) return this.#end(made.error.code)
    this.#current = { loaded, accelerator: made.value }
    return made
  }

  async #measured(
    loaded: LoadedKey,
    device: string,
    signal: AbortSignal,
  ): Promise<Choice<'gpu', AccelerationFault> | undefined> {
    const prover = await this.#open()
    if (!prover.ok) return { by: 'cpu', code: prover.error.code, device }
    const times = await prover.value.measure(loaded, { random: this.#random, signal })
    if (times === 'ABORTED') return undefined
    if (!times.ok) return { by: 'cpu', code: times.error.code, device }
    return this.#choice.of(times.value, device)
  }

  async #open(): Promise<Result<GpuProver, { readonly code: AccelerationFault }>> {
    if (this.#prover !== undefined) return ok(this.#prover)
    try {
      const { GpuProver } = await import('./gpu/gpuProver.ts')
      const opened = await GpuProver.open(
        this.#mode === 'measured' ? {} : { allowsSoftware: true, silentMs: softwareSilentMs },
      )
      if (opened.ok) this.#prover = opened.value
      return opened
    } catch {
      // The chunk did not come.
      return err({ code: 'GPU_FAILED' })
    }
  }

  #end<T extends AccelerationFault>(code: T): Result<never, { readonly code: T }> {
    this.#fault = code
    this.#close()
    return err({ code })
  }

  #close(): void {
    this.#current = undefined
    this.#prover?.close()
    this.#prover = undefined
  }
}

/** As the adapter names itself; undefined where there is none. */
async function adapterName(): Promise<string | undefined> {
  try {
    const adapter = await gpuEntry()?.requestAdapter({ powerPreference: 'high-performance' })
    return adapter === undefined || adapter === null ? undefined : nameOf(adapter.info)
  } catch {
    return undefined
  }
}

function nameOf({ vendor, architecture, device, description }: GpuAdapterInfo): string {
  return [vendor, architecture, device, description].join('/')
}
