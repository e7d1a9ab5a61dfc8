/**
 * The windows of a rest at enrolment (FIT-2): 60 s each without a gap, their starts 30 s apart. A
 * break ends a window and not the rest: what passed the gate before it stays, and windows behind it
 * add to it, as long as all of them are of one sensor and of a quarter of an hour.
 */
import { err, ok, type Result } from '../../core/base/result.ts'
import { enrolmentStepMs } from '../../core/emotion/measureBaseline.ts'
import { checkQuality, markWindow } from '../../core/emotion/quality.ts'
import type { RrWindow } from '../../core/emotion/window.ts'
import type { Pulse } from '../../ports/pulse.ts'
import type { DutyReason } from '../api.ts'
import { reasonOfGap, reasonOfQuality } from './signal.ts'

export const restWindowMs = 60_000
/** Beats of the last moments arrive late: windows end a little before now. */
export const settleMs = 2500
/** Older ones are of another rest. */
const spanMsMax = 15 * 60_000

interface RestWindow {
  readonly startMs: number
  readonly endMs: number
  readonly window: RrWindow
}

export class RestWindows {
  readonly #count: number
  #kept: RestWindow[] = []
  #source: string | undefined
  #toGoMs: number

  /** As many windows as a rest of that length without a break has. */
  constructor(neededMs: number) {
    this.#count = 1 + Math.max(0, Math.floor((neededMs - restWindowMs) / enrolmentStepMs))
    this.#toGoMs = this.neededMs
  }

  /** Of a rest without a break, ms. */
  get neededMs(): number {
    return restWindowMs + (this.#count - 1) * enrolmentStepMs
  }

  /** Of clean rest, if nothing breaks it any more. */
  get toGoMs(): number {
    return this.#toGoMs
  }

  /** Looks for the next window; all of them once there are enough. */
  take(
    pulse: Pulse,
    nowMs: number,
    fromMs: number,
  ): Result<readonly RrWindow[] | undefined, DutyReason> {
    this.#forget(pulse, nowMs)
    const endMs = nowMs - settleMs
    const restedMs = Math.min(pulse.contiguousMs(nowMs) - settleMs, endMs - fromMs)
    const afterMs = (this.#kept.at(-1)?.startMs ?? -Infinity) + enrolmentStepMs
    const missingMs = Math.max(restWindowMs - Math.max(0, restedMs), afterMs + restWindowMs - endMs)
    this.#toGoMs = Math.max(0, missingMs) + this.#stepsMs(1)
    if (missingMs > 0) return this.#isBroken(pulse, nowMs) ? err('SENSOR_LOST') : ok(undefined)
    const cut = pulse.cutWindow(endMs)
    if (!cut.ok) return err(reasonOfGap(cut.error))
    const window = markWindow(cut.value)
    const reason = reasonOfQuality(checkQuality(window).reasons)
    if (reason !== undefined) return err(reason)
    this.#kept.push({ startMs: endMs - restWindowMs, endMs, window })
    this.#toGoMs = this.#stepsMs(0)
    return ok(this.#kept.length < this.#count ? undefined : this.#kept.map((one) => one.window))
  }

  /** A pause: the next window begins behind it. */
  pause(): void {
    this.#toGoMs = Math.min(this.neededMs, restWindowMs + this.#stepsMs(1))
  }

  /** The oldest one does not count any more. */
  dropOldest(): void {
    this.#kept.shift()
    this.pause()
  }

  clear(): void {
    this.#kept = []
    this.pause()
  }

  /** Of the windows that are still missing behind the next `more`. */
  #stepsMs(more: number): number {
    return enrolmentStepMs * Math.max(0, this.#count - this.#kept.length - more)
  }

  #isBroken(pulse: Pulse, nowMs: number): boolean {
    return this.#kept.length > 0 && pulse.freshness(nowMs) !== 'fresh'
  }

  #forget(pulse: Pulse, nowMs: number): void {
    const source = JSON.stringify([pulse.provenance, pulse.deviceName])
    if (source !== this.#source) this.#kept = []
    this.#source = source
    // A clock that was set back tells nothing of how old they are.
    this.#kept = this.#kept.filter(
      ({ startMs, endMs }) => endMs <= nowMs && nowMs - startMs <= spanMsMax,
    )
  }
}
