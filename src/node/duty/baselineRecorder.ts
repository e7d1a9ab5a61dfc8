/**
 * The rest baseline (FIT-2): three minutes at rest, one window each 30 s; a devnet may ask for less
 * and says so. Can be paused; what was recorded before a pause, a break in the signal or a reload
 * of the page counts.
 */
import type { Baseline } from '../../core/emotion/baseline.ts'
import { describeWindow } from '../../core/emotion/features.ts'
import { baselineOfFigures } from '../../core/emotion/measureBaseline.ts'
import { markWindow } from '../../core/emotion/quality.ts'
import type { RestFigures } from '../../core/emotion/restFigures.ts'
import { seal, sealNonceBytes, unseal } from '../../core/crypto/seal.ts'
import { utf8 } from '../../core/base/bytes.ts'
import type { Pulse } from '../../ports/pulse.ts'
import type { Random } from '../../ports/random.ts'
import type { Store } from '../../ports/store.ts'
import type { BaselineSummary, DutyReason, KeptRest } from '../api.ts'
import { restUntilMs, restWindowMs, type RestRecord } from './restRecord.ts'
import { RestShelf } from './restShelf.ts'
import { RestWindows } from './restWindows.ts'
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
  readonly #shelf: RestShelf
  #baseline: Baseline | undefined
  /** Windows may begin here: a minute before the first press, or when it was resumed. */
  #fromMs: number | undefined
  /** The owner threw away what was recorded before. */
  #earliestMs = -Infinity
  #hasBegun = false
  /** What the shelf holds. */
  #kept: RestRecord | undefined
  #problem: DutyReason | undefined

  constructor(options: {
    readonly store: Store
    readonly random: Random
    readonly neededMs: number
  }) {
    this.#store = options.store
    this.#random = options.random
    this.#windows = new RestWindows(options.neededMs)
    this.#shelf = new RestShelf(options.store, options.random)
  }

  get baseline(): Baseline | undefined {
    return this.#baseline
  }

  async load(proofSecret: Uint8Array, nowMs: number): Promise<void> {
    const sealed = await this.#store.getValue(baselineName)
    const opened = sealed && unseal(baselineKey(proofSecret), sealed, sealContext)
    this.#baseline = opened && decodeBaseline(opened)
    // What was recorded before is of other keys, and perhaps of another person.
    this.lock()
    if (this.#baseline !== undefined) return this.#shelf.erase()
    await this.#shelf.dropOld(nowMs)
    const rest = await this.#shelf.read(proofSecret)
    if (rest === undefined) return
    this.#kept = rest
    this.#windows.restore(rest, nowMs)
    this.#hasBegun = this.#windows.record !== undefined
  }

  /** The keys are gone: what was recorded stays where only they open it. */
  lock(): void {
    this.#stop()
    this.#kept = undefined
  }

  start(nowMs: number): void {
    this.#fromMs ??= this.#hasBegun ? nowMs : Math.max(nowMs - restWindowMs, this.#earliestMs)
    this.#hasBegun = true
  }

  /** What lies in a pause does not count; what was recorded before it does. */
  pause(): void {
    this.#fromMs = undefined
    this.#problem = undefined
    this.#windows.pause()
  }

  /** The owner gives up what was recorded; works while the keys are locked. */
  async forget(nowMs: number): Promise<void> {
    this.lock()
    this.#earliestMs = nowMs
    await this.#shelf.erase()
  }

  /** Looks at the signal; measures as soon as the rest is long enough. */
  async look(
    pulse: Pulse | undefined,
    proofSecret: Uint8Array | undefined,
    nowMs: number,
  ): Promise<boolean> {
    this.#windows.forgetOld(nowMs)
    if (proofSecret === undefined) {
      await this.#shelf.dropOld(nowMs)
      return false
    }
    const figures = this.#take(pulse, nowMs)
    const measured = figures && baselineOfFigures(figures)
    if (measured?.ok === true) {
      this.#baseline = measured.value
      this.#stop()
      await keepBaseline(this.#store, this.#random, { proofSecret, baseline: measured.value })
    } else if (measured !== undefined) {
      // Each window passed the gate: the heart is out of what a proof takes, and may come to rest.
      this.#problem = 'HEART_RATE_HIGH'
      this.#windows.dropOldest()
    }
    await this.#settleShelf(proofSecret)
    return measured?.ok === true
  }

  #take(pulse: Pulse | undefined, nowMs: number): readonly RestFigures[] | undefined {
    if (this.#fromMs === undefined || pulse === undefined) return undefined
    const taken = this.#windows.take(pulse, nowMs, this.#fromMs)
    this.#problem = taken.ok ? undefined : taken.error
    return taken.ok ? taken.value : undefined
  }

  #stop(): void {
    this.#fromMs = undefined
    this.#hasBegun = false
    this.#problem = undefined
    this.#windows.clear()
  }

  /** What a reload would give back is what counts now, no more and no less. */
  async #settleShelf(proofSecret: Uint8Array): Promise<void> {
    const { record } = this.#windows
    if (record === this.#kept) return
    this.#kept = record
    try {
      if (record === undefined) await this.#shelf.erase()
      else await this.#shelf.write(proofSecret, record)
    } catch {
      // No room, or no store any more: the rest goes on, and a reload would begin it anew.
    }
  }

  describe(pulse: Pulse | undefined, nowMs: number): BaselineSummary {
    const state = this.#baseline ? 'done' : this.#fromMs === undefined ? 'none' : 'recording'
    const cut = pulse?.cutLatest(nowMs)
    const features = cut?.ok === true ? describeWindow(markWindow(cut.value)) : undefined
    const { restHrCentiBpm } = this.#baseline ?? {}
    const { neededMs, toGoMs, record } = this.#windows
    return {
      state,
      recordedMs: this.#hasBegun ? Math.max(0, neededMs - toGoMs) : 0,
      neededMs,
      restBpm: restHrCentiBpm === undefined ? undefined : restHrCentiBpm / 100,
      rmssdMs: features?.rmssdCentiMs === undefined ? undefined : features.rmssdCentiMs / 100,
      problem: this.#problem,
      kept: record && keptRest(record),
    }
  }
}

function keptRest(record: RestRecord): KeptRest {
  return {
    untilMs: restUntilMs(record),
    windows: record.windows.map(({ startMs, hrCentiBpm, lnRmssdQ16 }) => ({
      startMs,
      heartRateBpm: hrCentiBpm / 100,
      rmssdMs: (Math.exp(lnRmssdQ16 / 65_536) * 1000) / (16 * 1024),
    })),
  }
}
