/**
 * The windows of a rest at enrolment (FIT-2): 60 s each without a gap, their starts 30 s apart. A
 * break ends a window and not the rest: what passed the gate before it stays, and windows behind it
 * add to it, as long as all of them are of one sensor and of a quarter of an hour. Of each no more
 * is held than the baseline takes, so that no beat is kept with a rest that is not done.
 */
import { err, ok, type Result } from '../../core/base/result.ts'
import { enrolmentStepMs } from '../../core/emotion/measureBaseline.ts'
import { checkQuality, markWindow } from '../../core/emotion/quality.ts'
import { restFigures, type RestFigures } from '../../core/emotion/restFigures.ts'
import type { Pulse } from '../../ports/pulse.ts'
import type { DutyReason } from '../api.ts'
import {
  restSource,
  restSpanMsMax,
  restWindowMs,
  type RestRecord,
  type RestWindow,
} from './restRecord.ts'
import { reasonOfGap, reasonOfQuality } from './signal.ts'

/** Beats of the last moments arrive late: windows end a little before now. */
const settleMs = 2500

export class RestWindows {
  readonly #count: number
  #kept: readonly RestWindow[] = []
  #source: string | undefined
  #record: RestRecord | undefined
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

  /** Changes with its windows, and only then; `undefined` while there is none. */
  get record(): RestRecord | undefined {
    return this.#record
  }

  /** Goes on with a rest from before a reload, as behind a pause. */
  restore(record: RestRecord, nowMs: number): void {
    this.#source = record.source
    this.#keep(record.windows)
    this.forgetOld(nowMs)
    this.pause()
  }

  /** Looks for the next window; all of them once there are enough. */
  take(
    pulse: Pulse,
    nowMs: number,
    fromMs: number,
  ): Result<readonly RestFigures[] | undefined, DutyReason> {
    this.#forgetOther(pulse)
    this.forgetOld(nowMs)
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
    const startMs = Math.floor(endMs - restWindowMs)
    this.#keep([...this.#kept, { startMs, ...restFigures(window) }])
    this.#toGoMs = this.#stepsMs(0)
    return ok(this.#kept.length < this.#count ? undefined : this.#kept)
  }

  /** A pause: the next window begins behind it. */
  pause(): void {
    this.#toGoMs = Math.min(this.neededMs, restWindowMs + this.#stepsMs(1))
  }

  /** The oldest one does not count any more. */
  dropOldest(): void {
    this.#keep(this.#kept.slice(1))
    this.pause()
  }

  clear(): void {
    this.#keep([])
    this.pause()
  }

  forgetOld(nowMs: number): void {
    // A clock that was set back tells nothing of how old they are.
    const isYoung = ({ startMs }: RestWindow): boolean =>
      startMs + restWindowMs <= nowMs && nowMs - startMs <= restSpanMsMax
    if (this.#kept.every(isYoung)) return
    this.#keep(this.#kept.filter(isYoung))
    this.pause()
  }

  /** Of the windows that are still missing behind the next `more`. */
  #stepsMs(more: number): number {
    return enrolmentStepMs * Math.max(0, this.#count - this.#kept.length - more)
  }

  #isBroken(pulse: Pulse, nowMs: number): boolean {
    return this.#kept.length > 0 && pulse.freshness(nowMs) !== 'fresh'
  }

  #forgetOther(pulse: Pulse): void {
    const source = restSource(pulse.provenance, pulse.deviceName)
    if (source === this.#source) return
    this.#source = source
    this.#keep([])
  }

  #keep(windows: readonly RestWindow[]): void {
    this.#kept = windows
    const source = this.#source ?? ''
    this.#record = windows.length === 0 ? undefined : { source, windows }
  }
}
