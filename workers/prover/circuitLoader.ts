/**
 * The circuit that a worker proves: its files, their form in the kernel, and the copy of that form
 * which the next worker finds (ZK-6). Only the latest is kept in memory: keys are large.
 */

import { err, ok, type Result } from '../../src/core/base/result.ts'
import type { ProverError } from '../../src/ports/prover.ts'
import { keyHashes, loadArtifact, type OnShare } from './artifacts.ts'
import type { KeyCache } from './files/keyCache.ts'
import { Groth16Prover } from './groth16/groth16Prover.ts'
import type { ArtifactSource, CircuitName } from './protocol.ts'

type Loaded = Result<Groth16Prover, ProverError>

/** Share of the loading, 0..1, that the witness generator takes beside the key. */
const generatorShare = 1 / 3

export class CircuitLoader {
  readonly #source: ArtifactSource
  #cache: Promise<KeyCache | undefined> | undefined
  #loaded: { readonly circuit: CircuitName; readonly prover: Groth16Prover } | undefined
  /** Whether the loaded key came from its file, and is to be kept. */
  #isFresh = false

  constructor(source: ArtifactSource) {
    this.#source = source
  }

  get latest(): Groth16Prover | undefined {
    return this.#loaded?.prover
  }

  has(circuit: CircuitName): boolean {
    return this.#loaded?.circuit === circuit
  }

  /** `onShare` of the files that come, `onCheck` when they are there. */
  async load(circuit: CircuitName, onShare: OnShare, onCheck: () => void): Promise<Loaded> {
    if (this.#loaded?.circuit === circuit) return ok(this.#loaded.prover)
    this.#loaded = undefined
    const wasm = await loadArtifact(this.#source, circuit, 'wasm', (share) =>
      onShare(generatorShare * share),
    )
    if (!wasm.ok) return wasm
    const kept = await this.#fromCache(circuit, wasm.value)
    this.#isFresh = kept === undefined
    if (kept !== undefined) {
      onCheck()
      this.#loaded = { circuit, prover: kept }
      return ok(kept)
    }
    const zkey = await loadArtifact(this.#source, circuit, 'zkey', (share) =>
      onShare(generatorShare + (1 - generatorShare) * share),
    )
    if (!zkey.ok) return zkey
    onCheck()
    const loaded = await Groth16Prover.load(wasm.value, zkey.value)
    if (!loaded.ok) return err({ code: 'ARTIFACT_MALFORMED', reason: loaded.error.code })
    this.#loaded = { circuit, prover: loaded.value }
    return loaded
  }

  /** Keeps the loaded key where it is not kept; in idle time. */
  async keep(): Promise<void> {
    const loaded = this.#loaded
    if (loaded === undefined || !this.#isFresh) return
    this.#isFresh = false
    const cache = await this.#opened()
    if (cache === undefined) return
    const { own, all } = keyHashes(loaded.circuit)
    await cache.write(own, await loaded.prover.image(), all)
  }

  async #fromCache(
    circuit: CircuitName,
    wasm: Uint8Array<ArrayBuffer>,
  ): Promise<Groth16Prover | undefined> {
    const cache = await this.#opened()
    const { own } = keyHashes(circuit)
    const image = await cache?.read(own)
    if (image === undefined) return undefined
    try {
      const loaded = await Groth16Prover.loadImage(wasm, image)
      if (loaded.ok) return loaded.value
      await cache?.remove(own)
    } catch {
      // The code that reads it did not come: the file may.
    }
    return undefined
  }

  #opened(): Promise<KeyCache | undefined> {
    // Chunks of their own: whoever checks proofs needs none.
    this.#cache ??= import('./files/keyCache.ts').then(
      ({ openKeyCache }) => openKeyCache(),
      () => undefined,
    )
    return this.#cache
  }
}
