/**
 * The rest baseline (FIT-2): three minutes at rest, one window each 30 s; a devnet may ask for less
 * and says so. Can be paused; what was recorded before a pause or a break in the signal counts.
 */
import type { Baseline } from '../../core/emotion/baseline.ts'
import { describeWindow } from '../../core/emotion/features.ts'
import { measureBaseline } from '../../core/emotion/measureBaseline.ts'
import { markWindow } from '../../core/emotion/quality.ts'
import { seal, sealNonceBytes, unseal } from '../../core/crypto/seal.ts'
import { utf8 } from '../../core/base/bytes.ts'
import type { Pulse } from '../../ports/pulse.ts'
import type { Random } from '../../ports/random.ts'
import type { Store } from '../../ports/store.ts'
import type { BaselineSummary, DutyReason } from '../api.ts'
import { RestWindows, restWindowMs } from './restWindows.ts'
import { baselineKey, decodeBaseline, encodeBaseline } from './secrets.ts'

/** In the store, sealed. The enrolment on chain commits to it, and nobody else has it (PRIV-3). */
export const baselineName = 'duty/baseline'
const sealContext = utf8('emo/baseline')

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
  readonly #windows: RestWindows
  #baseline: Baseline | undefined
  /** Windows may begin here: a minute before the first press, or when it was resumed. */
  #fromMs: number | undefined
  #hasBegun = false
  #problem: DutyReason | undefined

  constructor(options: {
    readonly store: Store
    readonly random: Random
    readonly neededMs: number
  }) {
    this.#store = options.store
    this.#random = options.random
    this.#windows = new RestWindows(options.neededMs)
  }

  get baseline(): Baseline | undefined {
    return this.#baseline
  }

  async load(proofSecret: Uint8Array): Promise<void> {
    const sealed = await this.#store.getValue(baselineName)
    const opened = sealed && unseal(baselineKey(proofSecret), sealed, sealContext)
    this.#baseline = opened && decodeBaseline(opened)
    // What was recorded before is of other keys, and perhaps of another person.
    this.#fromMs = undefined
    this.#hasBegun = false
    this.#windows.clear()
  }

  start(nowMs: number): void {
    this.#fromMs ??= this.#hasBegun ? nowMs : nowMs - restWindowMs
    this.#hasBegun = true
  }

  /** What lies in a pause does not count; what was recorded before it does. */
  pause(): void {
    this.#fromMs = undefined
    this.#problem = undefined
    this.#windows.pause()
  }

  /** Looks at the signal; measures as soon as the rest is long enough. */
  async look(pulse: Pulse | undefined, proofSecret: Uint8Array, nowMs: number): Promise<boolean> {
    if (this.#fromMs === undefined || pulse === undefined) return false
    const taken = this.#windows.take(pulse, nowMs, this.#fromMs)
    this.#problem = taken.ok ? undefined : taken.error
    if (!taken.ok || taken.value === undefined) return false
    const measured = measureBaseline(taken.value)
    if (!measured.ok) {
      // Each window passed the gate: the heart is out of what a proof takes, and may come to rest.
      this.#problem = 'HEART_RATE_HIGH'
      this.#windows.dropOldest()
      return false
    }
    this.#baseline = measured.value
    this.#fromMs = undefined
    this.#hasBegun = false
    this.#windows.clear()
    await keepBaseline(this.#store, this.#random, { proofSecret, baseline: measured.value })
    return true
  }

  describe(pulse: Pulse | undefined, nowMs: number): BaselineSummary {
    const state = this.#baseline ? 'done' : this.#fromMs === undefined ? 'none' : 'recording'
    const cut = pulse?.cutLatest(nowMs)
    const features = cut?.ok === true ? describeWindow(markWindow(cut.value)) : undefined
    const { restHrCentiBpm } = this.#baseline ?? {}
    const { neededMs, toGoMs } = this.#windows
    return {
      state,
      recordedMs: this.#hasBegun ? Math.max(0, neededMs - toGoMs) : 0,
      neededMs,
      restBpm: restHrCentiBpm === undefined ? undefined : restHrCentiBpm / 100,
      rmssdMs: features?.rmssdCentiMs === undefined ? undefined : features.rmssdCentiMs / 100,
      problem: this.#problem,
    }
  }
}
