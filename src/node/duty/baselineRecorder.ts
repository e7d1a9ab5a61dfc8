/**
 * The rest baseline (FIT-2): three minutes at rest, one window each 30 s; a devnet may ask for less
 * and says so. Can be paused; what was recorded before a break in the signal does not count.
 */
import type { Baseline } from '../../core/emotion/baseline.ts'
import { describeWindow } from '../../core/emotion/features.ts'
import { enrolmentStepMs, measureBaseline } from '../../core/emotion/measureBaseline.ts'
import { markWindow } from '../../core/emotion/quality.ts'
import { seal, sealNonceBytes, unseal } from '../../core/crypto/seal.ts'
import { utf8 } from '../../core/base/bytes.ts'
import type { Pulse } from '../../ports/pulse.ts'
import type { Random } from '../../ports/random.ts'
import type { Store } from '../../ports/store.ts'
import type { BaselineSummary, DutyReason } from '../api.ts'
import { baselineKey, decodeBaseline, encodeBaseline } from './secrets.ts'
import { reasonOfQuality } from './signal.ts'

/** In the store, sealed. The enrolment on chain commits to it, and nobody else has it (PRIV-3). */
export const baselineName = 'duty/baseline'
const sealContext = utf8('emo/baseline')
const windowMs = 60_000

/** Beats of the last moments arrive late: windows end a little before now. */
const settleMs = 2500

/** Seals a baseline into the store (PRIV-1). */
export async function keepBaseline(
  store: Store,
  random: Random,
  own: { readonly proofSecret: Uint8Array; readonly baseline: Baseline },
): Promise<void> {
  const nonce = random.bytes(sealNonceBytes)
  const plain = encodeBaseline(own.baseline)
  await store.putValue(baselineName, seal(baselineKey(own.proofSecret), nonce, plain, sealContext))
}

export class BaselineRecorder {
  readonly #store: Store
  readonly #random: Random
  readonly #neededMs: number
  #baseline: Baseline | undefined
  #startMs: number | undefined
  #recordedMs = 0
  #problem: DutyReason | undefined

  constructor(options: {
    readonly store: Store
    readonly random: Random
    readonly neededMs: number
  }) {
    this.#store = options.store
    this.#random = options.random
    this.#neededMs = Math.max(windowMs, options.neededMs)
  }

  get baseline(): Baseline | undefined {
    return this.#baseline
  }

  async load(proofSecret: Uint8Array): Promise<void> {
    const sealed = await this.#store.getValue(baselineName)
    const opened = sealed && unseal(baselineKey(proofSecret), sealed, sealContext)
    this.#baseline = opened && decodeBaseline(opened)
  }

  start(nowMs: number): void {
    this.#startMs ??= nowMs
  }

  /** A pause is a gap: the windows after it start anew. */
  pause(): void {
    this.#recordedMs = 0
    this.#startMs = undefined
    this.#problem = undefined
  }

  /** Looks at the signal; measures as soon as the rest is long enough. */
  async look(pulse: Pulse | undefined, proofSecret: Uint8Array, nowMs: number): Promise<boolean> {
    if (this.#startMs === undefined || pulse === undefined) return false
    const usableMs = Math.min(pulse.contiguousMs(nowMs), nowMs - this.#startMs + windowMs)
    this.#recordedMs = Math.max(0, Math.min(usableMs, this.#neededMs))
    if (usableMs < this.#neededMs + settleMs) return false
    const measured = this.#measure(pulse, nowMs - settleMs)
    if (measured === undefined) return false
    this.#baseline = measured
    this.#startMs = undefined
    await keepBaseline(this.#store, this.#random, { proofSecret, baseline: measured })
    return true
  }

  #measure(pulse: Pulse, endMs: number): Baseline | undefined {
    const windows: ReturnType<typeof markWindow>[] = []
    for (let backMs = 0; backMs + windowMs <= this.#neededMs; backMs += enrolmentStepMs) {
      const cut = pulse.cutWindow(endMs - backMs)
      if (!cut.ok) {
        this.#problem = 'SIGNAL_GAP'
        return undefined
      }
      windows.push(markWindow(cut.value))
    }
    const measured = measureBaseline(windows.reverse())
    if (measured.ok) {
      this.#problem = undefined
      return measured.value
    }
    const isQuality = measured.error.code === 'BASELINE_QUALITY'
    this.#problem = isQuality ? reasonOfQuality(measured.error.reasons) : 'HEART_RATE_HIGH'
    return undefined
  }

  describe(pulse: Pulse | undefined, nowMs: number): BaselineSummary {
    const state = this.#baseline ? 'done' : this.#startMs === undefined ? 'none' : 'recording'
    const cut = pulse?.cutLatest(nowMs)
    const features = cut?.ok === true ? describeWindow(markWindow(cut.value)) : undefined
    const { restHrCentiBpm } = this.#baseline ?? {}
    return {
      state,
      recordedMs: this.#recordedMs,
      neededMs: this.#neededMs,
      restBpm: restHrCentiBpm === undefined ? undefined : restHrCentiBpm / 100,
      rmssdMs: features?.rmssdCentiMs === undefined ? undefined : features.rmssdCentiMs / 100,
      problem: this.#problem,
    }
  }
}
