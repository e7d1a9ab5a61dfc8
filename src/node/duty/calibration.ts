/**
 * How long this device takes for a proof, before anybody relies on it (ZK-5): while its owner is no
 * validator yet, or a young one, a proof about made-up beats is made and thrown away. The first one
 * loads the circuit; the second is the measure. A slow device is told so in advance, and the
 * circuit is there for the first READY.
 */
import { calibrationStatement } from '../../core/emotion/calibrationStatement.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Prover } from '../../ports/prover.ts'
import type { Duty } from '../api.ts'

/** Nothing is due from these. */
const idleStates: ReadonlySet<Duty['state']> = new Set(['unregistered', 'registering', 'waiting'])

/** A device that takes longer with loading is told that figure: a second try says nothing new. */
const onceMs = 20_000

/** Before a prover that could not is asked again. */
const retryMs = 60_000

export class Calibration {
  readonly #prover: Prover
  readonly #clock: Clock
  readonly #onChange: () => void
  #abort: AbortController | undefined
  #tookMs: number | undefined
  #notBeforeMs = 0

  constructor(options: { prover: Prover; clock: Clock; onChange: () => void }) {
    this.#prover = options.prover
    this.#clock = options.clock
    this.#onChange = options.onChange
  }

  /** ms of a whole proof, its check included; undefined until one was made. */
  get tookMs(): number | undefined {
    return this.#tookMs
  }

  /** Now and then; one attempt at a time, and none once it is measured. */
  async look(state: Duty['state']): Promise<void> {
    if (!idleStates.has(state)) {
      this.stop()
      return
    }
    if (this.#tookMs !== undefined || this.#abort !== undefined) return
    if (this.#clock.nowMs() < this.#notBeforeMs) return
    const abort = new AbortController()
    this.#abort = abort
    const loadingMs = await this.#once(abort.signal)
    const isSlow = loadingMs !== undefined && loadingMs >= onceMs
    const tookMs = isSlow || loadingMs === undefined ? loadingMs : await this.#once(abort.signal)
    if (this.#abort === abort) this.#abort = undefined
    if (tookMs === undefined) this.#notBeforeMs = this.#clock.nowMs() + retryMs
    else {
      this.#tookMs = tookMs
      this.#onChange()
    }
  }

  /** A proof that is due goes first. */
  stop(): void {
    this.#abort?.abort()
    this.#abort = undefined
  }

  async #once(signal: AbortSignal): Promise<number | undefined> {
    const { circuitInput, publicInputs } = calibrationStatement()
    const startedMs = this.#clock.nowMs()
    const proof = await this.#prover.prove({ circuitInput, publicInputs }, { signal })
    return proof.ok ? this.#clock.nowMs() - startedMs : undefined
  }
}
